"""A peer that claims to have a single-file torrent and sends blocks of which some are wrong.

corrupt_peer.py ADDRESS PORT INFO_HASH FILE PIECE_LENGTH BAD_PERCENT

Prints "ready", then one line for each connection and for each wrong block. BEP 3 only: no extensions are offered.
"""
import os
import random
import socket
import struct
import sys
import threading

ADDRESS, PORT, INFO_HASH, FILE, PIECE_LENGTH, BAD_PERCENT = sys.argv[1:7]
PIECES = -(-os.path.getsize(FILE) // int(PIECE_LENGTH))
UNCHOKE, INTERESTED, BITFIELD, REQUEST, PIECE = 1, 2, 5, 6, 7


def receive(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise ConnectionError("closed")
        data += more
    return data


def send(connection, kind, payload=b""):
    connection.sendall(struct.pack(">IB", 1 + len(payload), kind) + payload)


def bits():
    whole = bytearray(-(-PIECES // 8))
    for i in range(PIECES):
        whole[i // 8] |= 0x80 >> (i % 8)
    return bytes(whole)


def serve(connection, dice):
    greeting = receive(connection, 68)
    if greeting[28:48] != bytes.fromhex(INFO_HASH):
        return
    connection.sendall(b"\x13BitTorrent protocol" + bytes(8) + bytes.fromhex(INFO_HASH) + b"-XX0001-" + os.urandom(12))
    send(connection, BITFIELD, bits())
    with open(FILE, "rb") as source:
        while True:
            length = struct.unpack(">I", receive(connection, 4))[0]
            message = receive(connection, length) if length else b"\xff"
            if message[0] == INTERESTED:
                send(connection, UNCHOKE)
            elif message[0] == REQUEST:
                piece, offset, count = struct.unpack(">III", message[1:13])
                source.seek(piece * int(PIECE_LENGTH) + offset)
                block = bytearray(source.read(count))
                if dice.randrange(100) < int(BAD_PERCENT):
                    block[len(block) // 2] ^= 0xFF
                    print("bad %d %d" % (piece, offset), flush=True)
                send(connection, PIECE, message[1:9] + bytes(block))


def guard(connection, dice):
    try:
        serve(connection, dice)
    except OSError as error:
        print("closed %s" % error, flush=True)
    connection.close()


def main():
    listener = socket.create_server((ADDRESS, int(PORT)))
    print("ready", flush=True)
    dice = random.Random(7)
    while True:
        connection, peer = listener.accept()
        print("connection %s:%d" % peer, flush=True)
        threading.Thread(target=guard, args=(connection, dice), daemon=True).start()


main()
