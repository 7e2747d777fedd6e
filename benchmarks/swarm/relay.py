#!/usr/bin/python3
"""A link of a given delay and rate between a client and a seeder: relays TCP, holding each piece of data back for the delay."""
import argparse
import asyncio
import signal
import sys

LEAST_CHUNK = 16 << 10
BUFFER = 1 << 20


async def carry(reader, writer, delay, rate):
    """Bytes leave in order, each chunk no earlier than its delay and no faster than the rate."""
    loop = asyncio.get_running_loop()
    # A millisecond's worth of a fast link: each piece costs this program a turn or two.
    chunk = max(LEAST_CHUNK, int(rate / 1000))
    # What may be under way: the product of rate and round trip, twice, as in a bottleneck with a buffer of its own.
    queue = asyncio.Queue(maxsize=max(16, int(4 * delay * rate / chunk)))

    async def deliver():
        while (item := await queue.get()) is not None:
            due, data = item
            await asyncio.sleep(max(0.0, due - loop.time()))
            writer.write(data)
            await writer.drain()
        writer.close()

    delivery = asyncio.create_task(deliver())
    free_at = loop.time()
    try:
        while data := await reader.read(chunk):
            free_at = max(free_at, loop.time()) + len(data) / rate
            await queue.put((free_at + delay, data))
            # Reading no faster than the rate pushes back on the sender.
            await asyncio.sleep(max(0.0, free_at - loop.time() - 0.005))
    except OSError:
        pass
    await queue.put(None)
    await asyncio.gather(delivery, return_exceptions=True)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--listen", required=True)
    parser.add_argument("--to", required=True)
    parser.add_argument("--delay", type=float, required=True, help="seconds each way")
    parser.add_argument("--rate", type=float, required=True, help="bytes a second each way")
    args = parser.parse_args()

    async def accept(reader, writer):
        host, port = args.to.rsplit(":", 1)
        far_reader, far_writer = await asyncio.open_connection(host, int(port), limit=BUFFER)
        await asyncio.gather(carry(reader, far_writer, args.delay, args.rate), carry(far_reader, writer, args.delay, args.rate))

    host, port = args.listen.rsplit(":", 1)
    server = await asyncio.start_server(accept, host, int(port), limit=BUFFER)
    print('{"event": "ready"}', flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    asyncio.run(main())
