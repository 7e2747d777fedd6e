"""What is measured. Each case runs one client once and returns its figures; an output that differs from the payload is an error."""
import os
import shutil
import statistics
import time

import clients
from clients import HERE, TIMEOUT, Libtorrent, Task
from payloads import MIB, Payload, idle_torrents
from process import Process

SEEDER, LEECHER, TRACKER, RELAY, DHT = "10.78.1.1", "10.78.2.1", "10.78.3.1", "10.78.4.1", "10.78.5.1"
NEAR, FAR = "10.79.0.1", "10.79.0.2"
START_RUNS = 9


class Bench:
    def __init__(self, args):
        self.args = args
        self.work = args.work
        self._port = 20000
        self._payloads = {}
        self._dht = None
        self._starts = {}

    def close(self):
        if self._dht:
            self._dht.stop()

    def start(self, client):
        """What the client's runtime itself takes to start, with a program that does nothing else: the median of some runs."""
        if client.name not in self._starts:
            walls = []
            for _ in range(START_RUNS):
                process = Process(client.bare_start())
                process.wait("exit", TIMEOUT)
                walls.append(process.at("ready"))
            self._starts[client.name] = statistics.median(walls)
        return self._starts[client.name]

    def port(self):
        # A port of its own for each process: the last one's connections may still linger.
        self._port += 1
        return self._port

    def state(self, name):
        return os.path.join(self.work, f"state-{name}")

    def output(self):
        # The last output is deleted only now, so that the next one gets its pages warm, as every output after the first does.
        path = os.path.join(self.work, "out")
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path

    def payload(self, kind):
        if kind not in self._payloads:
            size = self.args.size * MIB
            name, size, piece, files = {
                "1m": ("one.bin", size, MIB, 1), "256k": ("one.bin", size, MIB // 4, 1), "files": ("files", size, MIB, 2000),
                "small": ("small.bin", 16 * MIB, MIB // 4, 1), "mid": ("mid.bin", 128 * MIB, MIB // 4, 1),
                "large": ("large.bin", 512 * MIB, MIB, 1)}[kind]
            folder = os.path.join(self.work, "data")
            os.makedirs(folder, exist_ok=True)
            self._payloads[kind] = Payload(folder, name, size, piece, files)
        return self._payloads[kind]

    def seeder(self, payload, count=1, address=SEEDER):
        port = self.port()
        task = Task(payload.torrent, payload.root, self.state("seeder"), address, port)
        process = Libtorrent(tuned=count == 1).seed(task, count)
        process.peers = [(address.rsplit(".", 1)[0] + f".{1 + i}", port) for i in range(count)]
        process.wait("ready", TIMEOUT)
        return process

    def download(self, client, payload, peers, first=None, **more):
        """Runs a client as leecher until it is done and has ended, and checks what it wrote."""
        out = self.output()
        address, tracker = more.pop("address", LEECHER), more.pop("tracker_address", TRACKER)
        task = Task(more.pop("source", payload.torrent), out, self.state("leecher"), address, self.port(), peers, tracker_address=tracker, **more)
        process = client.leech(task)
        try:
            process.wait("done", TIMEOUT, lambda: client.poll(process))
            # Goodbyes to trackers are not the work: who has not ended by itself soon is told to.
            end = time.monotonic() + 1.5
            while not process.ended() and time.monotonic() < end and not isinstance(client, clients.Transmission):
                time.sleep(0.005)
        finally:
            process.stop()
            if hasattr(process, "helper"):
                process.helper.close()
        payload.verify(out)
        row = {"wall": process.at("done"), **process.cost(), **process.managed("bytes")}
        if first and "first" in first.events:
            row["transfer"] = process.clock + process.at("done") - first.events["first"]["clock"]
        return row, process


def leech(bench, client, payload):
    seeder = bench.seeder(payload)
    try:
        row, _ = bench.download(client, payload, seeder.peers, seeder)
    finally:
        seeder.stop()
    return per_gib(row, payload)


def swarm(bench, client):
    payload = bench.payload("1m")
    seeders = bench.seeder(payload, bench.args.seeders)
    try:
        row, _ = bench.download(client, payload, seeders.peers)
    finally:
        seeders.stop()
    return per_gib(row, payload)


def delay(bench, client, kind, megabits):
    payload = bench.payload(kind)
    seeder = bench.seeder(payload)
    host, port = seeder.peers[0]
    peer = (RELAY, bench.port())
    rate = megabits * 1e6 / 8
    relay = Process(["/usr/bin/python3", os.path.join(HERE, "relay.py"), "--listen", f"{peer[0]}:{peer[1]}", "--to", f"{host}:{port}",
                     "--delay", "0.025", "--rate", str(rate)])
    try:
        relay.wait("ready", TIMEOUT)
        row, _ = bench.download(client, payload, [peer], seeder)
    finally:
        relay.stop()
        seeder.stop()
    row["link_share"] = payload.size / row["transfer"] / rate
    return row


def wire(bench, client, megabits):
    """The seeder and the client in two namespaces, with packets of 1,500 bytes between them."""
    payload = bench.payload("mid")
    rate = megabits * 1e6 / 8
    far = Process(["unshare", "-n", "/usr/bin/python3", os.path.join(HERE, "far.py")])
    link = None
    try:
        far.wait("ready", TIMEOUT)
        link = Process(["/usr/bin/python3", os.path.join(HERE, "wire.py"), "--far", str(far.pid), "--near-address", NEAR, "--far-address", FAR,
                        "--delay", "0.025", "--rate", str(rate)])
        link.wait("ready", TIMEOUT)
        seeder = bench.seeder(payload, address=NEAR)
        try:
            row, _ = bench.download(client, payload, seeder.peers, seeder, address=FAR, tracker_address=NEAR, namespace=far.pid)
        finally:
            seeder.stop()
    finally:
        for process in (link, far):
            if process:
                process.stop()
    row["link_share"] = payload.size / row["transfer"] / rate
    return row


def seed(bench, client):
    payload = bench.payload("1m")
    port = bench.port()
    seeder = client.seed(Task(payload.torrent, payload.root, bench.state("seeder"), SEEDER, port))
    try:
        seeder.wait("ready", TIMEOUT)
        time.sleep(0.3)
        start = seeder.cpu_now()
        row, leecher = bench.download(Libtorrent(tuned=True), payload, [(SEEDER, port)])
    finally:
        seeder.stop()
    cost = seeder.cost()
    return per_gib({**cost, **seeder.managed("uploaded"), "wall": row["wall"], "cpu": cost["cpu"] - start, "start_cpu": start}, payload)


def check(bench, client):
    payload = bench.payload("1m")
    process = client.check(Task(payload.torrent, payload.root, bench.state("check"), LEECHER, bench.port()))
    try:
        process.wait("done", TIMEOUT, lambda: client.poll(process))
    finally:
        process.stop()
    done = process.events["done"]
    return per_gib({**process.cost(), "wall": done.get("wall", done["at"])}, payload)


def magnet(bench, client):
    payload = bench.payload("small")
    if not bench._dht:
        port = bench.port()
        bench._dht = Libtorrent().dht(Task(payload.torrent, payload.root, bench.state("dht"), DHT, port), 50)
        bench._dht.wait("ready", TIMEOUT)
        bench.router = f"{DHT}:{port}"
    row, process = bench.download(client, payload, [], source=f"magnet:?xt=urn:btih:{payload.info_hash()}", router=bench.router)
    started = bench.start(client)
    return {"start": started, "metadata": process.at("metadata"), **row,
            "metadata_apart": process.at("metadata") - started, "wall_apart": row["wall"] - started}


def idle(bench, client):
    folder = os.path.join(bench.work, "idle")
    if not os.path.isdir(folder):
        idle_torrents(folder, bench.args.torrents)
    process = client.idle(Task(folder, bench.output(), bench.state("idle"), LEECHER, bench.port()))
    try:
        process.wait("ready", TIMEOUT)
        time.sleep(3)
        start = process.cpu_now()
        time.sleep(bench.args.idle_seconds)
        share = (process.cpu_now() - start) / bench.args.idle_seconds
    finally:
        process.stop()
    cost = process.cost()
    return {"ready": process.at("ready"), "start_cpu": start, "idle_core_percent": 100 * share,
            "anon_mb": cost["anon_mb"], "anon_kb_each": cost["anon_mb"] * 1024 / bench.args.torrents, "peak_mb": cost["peak_mb"]}


def per_gib(row, payload):
    scale = (1 << 30) / payload.size
    row["cpu_gib"] = row.pop("cpu") * scale
    if "switches" in row:
        row["switches_gib"] = row.pop("switches") * scale
    return row


CASES = {
    "leech-1m": lambda bench, client: leech(bench, client, bench.payload("1m")),
    "leech-256k": lambda bench, client: leech(bench, client, bench.payload("256k")),
    "files": lambda bench, client: leech(bench, client, bench.payload("files")),
    "swarm": swarm,
    "delay": lambda bench, client: delay(bench, client, "mid", 100),
    "delay-1g": lambda bench, client: delay(bench, client, "large", 1000),
    "mtu": lambda bench, client: wire(bench, client, 100),
    "seed": seed,
    "check": check,
    "magnet": magnet,
    "idle": idle,
}
