#!/usr/bin/python3
"""A wire of packets between two network namespaces: two TUN devices, and this program that carries packets between them with a delay and a rate each way.

It is started in the near namespace; the far one is that of the process whose id it is given. Packets that find the queue of a direction full are lost,
as in a router.
"""
import argparse
import collections
import ctypes
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
NAME = "ccbt-wire"
READS_PER_TURN = 64


def open_end(address, mtu):
    """A TUN device in the namespace that this thread is in."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", NAME.encode(), IFF_TUN | IFF_NO_PI))
    for command in ("link set lo up", f"addr add {address}/24 dev {NAME}", f"link set {NAME} mtu {mtu} txqueuelen 10000 up"):
        subprocess.run(["ip", *command.split()], check=True)
    return device


def enter(pid):
    with open(f"/proc/{pid}/ns/net") as namespace:
        if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), 0) != 0:
            raise OSError(ctypes.get_errno(), "setns")


class Direction:
    def __init__(self, source, target, delay, rate, room):
        self.source, self.target = source, target
        self._delay, self._rate, self._room = delay, rate, room
        self._free_at = 0.0
        self._under_way = collections.deque()

    def due(self):
        return self._under_way[0][0] if self._under_way else None

    def take(self, now):
        for _ in range(READS_PER_TURN):
            try:
                packet = os.read(self.source, 65536)
            except BlockingIOError:
                return
            begins = max(self._free_at, now)
            if (begins - now) * self._rate > self._room:
                continue
            self._free_at = begins + len(packet) / self._rate
            self._under_way.append((self._free_at + self._delay, packet))

    def deliver(self, now):
        while self._under_way and self._under_way[0][0] <= now:
            os.write(self.target, self._under_way.popleft()[1])


def carry(directions):
    by_source = {d.source: d for d in directions}
    while True:
        dues = [due for d in directions if (due := d.due()) is not None]
        wait = max(0.0, min(dues) - time.monotonic()) if dues else None
        ready, _, _ = select.select(list(by_source), [], [], wait)
        now = time.monotonic()
        for source in ready:
            by_source[source].take(now)
        for direction in directions:
            direction.deliver(now)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--far", type=int, required=True, help="a process in the far namespace")
    parser.add_argument("--near-address", required=True)
    parser.add_argument("--far-address", required=True)
    parser.add_argument("--delay", type=float, required=True, help="seconds each way")
    parser.add_argument("--rate", type=float, required=True, help="bytes a second each way")
    parser.add_argument("--mtu", type=int, default=1500)
    args = parser.parse_args()
    near = open_end(args.near_address, args.mtu)
    enter(args.far)
    far = open_end(args.far_address, args.mtu)
    # A queue of one round trip at full rate, which is what a sender needs that fills the wire.
    room = 2 * args.delay * args.rate
    print('{"event": "ready"}', flush=True)
    carry([Direction(near, far, args.delay, args.rate, room), Direction(far, near, args.delay, args.rate, room)])


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    main()
