"""Payloads, their torrents, and the comparison of what a client wrote."""
import hashlib
import os
import subprocess

MIB = 1 << 20


class Payload:
    def __init__(self, root, name, size, piece, files=1):
        self.root, self.name, self.size = root, name, size
        self.torrent = os.path.join(root, f"{name}-{piece >> 10}k.torrent")
        path = os.path.join(root, name)
        if not os.path.exists(path):
            self._fill(path, files)
        if not os.path.exists(self.torrent):
            subprocess.run(["/usr/bin/python3", "-c", MAKE_TORRENT, path, str(piece), self.torrent], check=True)

    def _fill(self, path, files):
        if files == 1:
            write_random(path, self.size)
            return
        for i in range(files):
            folder = os.path.join(path, f"{i % 50:02}")
            os.makedirs(folder, exist_ok=True)
            # Sizes differ, so that files do not begin where pieces do.
            write_random(os.path.join(folder, f"{i:05}.bin"), self.size // files + (i % 7 - 3) * 1000)

    def info_hash(self):
        script = "import libtorrent as l, sys; print(l.torrent_info(sys.argv[1]).info_hash())"
        return subprocess.run(["/usr/bin/python3", "-c", script, self.torrent], check=True, capture_output=True, text=True).stdout.strip()

    def verify(self, folder):
        if digest(os.path.join(folder, self.name)) != digest(os.path.join(self.root, self.name)):
            raise RuntimeError("the output differs from the payload")


MAKE_TORRENT = """
import libtorrent as lt, os, sys
files = lt.file_storage()
lt.add_files(files, sys.argv[1])
torrent = lt.create_torrent(files, int(sys.argv[2]), lt.create_torrent.v1_only)
lt.set_piece_hashes(torrent, os.path.dirname(sys.argv[1]))
open(sys.argv[3], 'wb').write(lt.bencode(torrent.generate()))
"""


def write_random(path, size):
    with open(path, "wb") as out:
        while size > 0:
            out.write(os.urandom(min(size, 4 * MIB)))
            size -= 4 * MIB


def digest(path):
    total = hashlib.sha1()
    if os.path.isfile(path):
        with open(path, "rb", buffering=0) as data:
            while chunk := data.read(4 * MIB):
                total.update(chunk)
        return total.hexdigest()
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            total.update((os.path.relpath(os.path.join(folder, name), path) + digest(os.path.join(folder, name))).encode())
    return total.hexdigest()


def idle_torrents(folder, count):
    """Torrents of 1 GiB in 1 MiB pieces whose data nobody has."""
    os.makedirs(folder)
    for i in range(count):
        name = f"idle{i:05}".encode()
        hashes = os.urandom(20 * 1024)
        info = b"d6:lengthi1073741824e4:name%d:%s12:piece lengthi1048576e6:pieces%d:%se" % (len(name), name, len(hashes), hashes)
        with open(os.path.join(folder, name.decode() + ".torrent"), "wb") as out:
            out.write(b"d4:info" + info + b"e")
