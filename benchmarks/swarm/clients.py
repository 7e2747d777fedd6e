"""How each client is asked for the same things. Every method starts a process and returns it; `done` is marked when the work is."""
import json
import os
import shutil
import time
import urllib.error
import urllib.request

from process import Process
from tracker import Tracker

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT = 120


class Task:
    """What a client is to do: where it listens, what it fetches or serves, whom it may talk to."""

    def __init__(self, source, data, state, address, port, peers=(), router=None, tracker_address=None, namespace=None):
        self.source, self.data, self.state = source, data, state
        self.address, self.port, self.peers, self.router = address, port, list(peers), router
        self.tracker_address = tracker_address
        # Somebody in the network namespace that the client is to run in, when that is another one.
        self.prefix = ["nsenter", f"--net=/proc/{namespace}/ns/net"] if namespace else []
        shutil.rmtree(state, ignore_errors=True)
        os.makedirs(state)


class Libtorrent:
    cases = {"leech-1m", "leech-256k", "files", "swarm", "delay", "delay-1g", "mtu", "seed", "check", "magnet", "idle"}

    def __init__(self, name="libtorrent", tuned=False):
        self.name, self._options = name, ["--tuned"] if tuned else []
        if tuned:
            self.cases = {"leech-1m", "leech-256k", "seed"}

    def _run(self, role, task, *more):
        return Process([*task.prefix, "/usr/bin/python3", os.path.join(HERE, "lt.py"), role, task.source, "--data", task.data,
                        "--bind", task.address, "--port", str(task.port), *self._options, *more])

    def leech(self, task):
        peers = [x for host, port in task.peers for x in ("--peer", f"{host}:{port}")]
        return self._run("leech", task, *peers, *(["--router", task.router] if task.router else []))

    def seed(self, task, count=1):
        return self._run("seed", task, "--count", str(count))

    def check(self, task):
        return self._run("check", task)

    def idle(self, task):
        return self._run("idle", task)

    def dht(self, task, count):
        return self._run("dht", task, "--count", str(count))

    def bare_start(self):
        return ["/usr/bin/python3", "-c", "import libtorrent; print('{\"event\": \"ready\"}', flush=True)"]

    def poll(self, process):
        """Nothing: this client says by itself when it is done."""


class Ccbt:
    """`tool` and `start`, a program that does nothing, are either built for the runtime (.dll) or native."""
    cases = Libtorrent.cases

    def __init__(self, name, tool, start):
        self.name = name
        self._tool, self._start = ([*(["dotnet"] if path.endswith(".dll") else []), path] for path in (tool, start))

    def bare_start(self):
        return self._start

    def _network(self, task):
        dht = ["--dht-router", task.router] if task.router else ["--no-dht"]
        return ["--listen", f"{task.address}:{task.port}", "--no-lsd", "--no-trackers", *dht, "--state", task.state, "--json"]

    def leech(self, task):
        peers = [x for host, port in task.peers for x in ("--peer", f"{host}:{port}")]
        return Process([*task.prefix, *self._tool, "download", task.source, "-o", task.data, *peers, *self._network(task)])

    def seed(self, task):
        return Process([*self._tool, "seed", task.source, "--data", task.data, "--trust", *self._network(task)])

    def check(self, task):
        return Process([*self._tool, "verify", task.source, "--data", task.data, "--json"])

    def idle(self, task):
        return Process([*self._tool, "seed", task.source, "--data", task.data, *self._network(task)])

    def poll(self, process):
        """Nothing: this client says by itself when it is done."""


class Aria2:
    name = "aria2"
    cases = {"leech-1m", "leech-256k", "files", "swarm", "delay", "delay-1g", "mtu", "seed", "check"}
    program = "aria2c"

    def _base(self, task):
        return [*task.prefix, self.program, "--no-conf", "--quiet", f"--dir={task.data}", f"--listen-port={task.port}", f"--interface={task.address}",
                "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", "--file-allocation=none", "--bt-max-peers=200",
                "--allow-overwrite=true", "--max-upload-limit=0"]

    def leech(self, task):
        self._flag = os.path.join(task.state, "done")
        hook = flag_script(task, self._flag)
        tracker = Tracker(task.tracker_address, task.peers)
        process = Process([*self._base(task), "--seed-time=0", f"--bt-tracker={tracker.url}", f"--on-bt-download-complete={hook}", task.source])
        process.helper = tracker
        return process

    def seed(self, task):
        process = Process([*self._base(task), "--bt-seed-unverified=true", "--seed-ratio=0.0", task.source])
        time.sleep(1)
        process.mark("ready")
        return process

    def check(self, task):
        self._flag = None
        return Process([*self._base(task), "--check-integrity=true", "--hash-check-only=true", "--seed-time=0", task.source])

    def poll(self, process):
        if (self._flag and os.path.exists(self._flag)) or (not self._flag and process.ended()):
            process.mark("done")


class Transmission:
    name = "transmission"
    cases = {"leech-1m", "leech-256k", "files", "delay", "delay-1g", "mtu", "seed", "check"}
    program = "transmission-daemon"

    def leech(self, task):
        process = self._start(task)
        tracker = Tracker(task.tracker_address, task.peers)
        process.helper = tracker
        number = self._add(task, paused=True)
        self._call("torrent-set", ids=[number], trackerAdd=[tracker.url])
        self._call("torrent-start-now", ids=[number])
        return process

    def seed(self, task):
        process = self._start(task)
        self._await_whole(self._add(task, paused=False))
        process.mark("ready")
        return process

    def check(self, task):
        process = self._start(task)
        began = time.monotonic()
        self._await_whole(self._add(task, paused=False))
        process.mark("done", {"wall": time.monotonic() - began})
        return process

    def _await_whole(self, number):
        # What lies in the folder is hashed when a torrent is added.
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            torrent = self._call("torrent-get", ids=[number], fields=["status", "percentDone"])["torrents"][0]
            if torrent["status"] == 6 and torrent["percentDone"] == 1:
                return
            time.sleep(0.01)
        raise RuntimeError(f"transmission does not seed: {torrent}")

    def poll(self, process):
        if os.path.exists(self._flag):
            process.mark("done")

    def _start(self, task):
        self._flag = os.path.join(task.state, "done")
        self._url = f"http://{task.address}:{task.port + 20000}/transmission/rpc"
        self._id = ""
        settings = {
            "bind-address-ipv4": task.address, "peer-port": task.port, "download-dir": task.data,
            "dht-enabled": False, "lpd-enabled": False, "pex-enabled": False, "utp-enabled": False, "port-forwarding-enabled": False,
            "encryption": 0, "preallocation": 0, "incomplete-dir-enabled": False, "ratio-limit-enabled": False,
            "rpc-bind-address": task.address, "rpc-port": task.port + 20000, "rpc-whitelist-enabled": False,
            "rpc-host-whitelist-enabled": False, "rpc-authentication-required": False,
            "script-torrent-done-enabled": True, "script-torrent-done-filename": flag_script(task, self._flag),
        }
        with open(os.path.join(task.state, "settings.json"), "w") as out:
            json.dump(settings, out)
        process = Process([*task.prefix, self.program, "-f", "-g", task.state])
        end = time.monotonic() + 20
        while True:
            try:
                self._call("session-get")
                return process
            except OSError:
                if time.monotonic() > end or process.ended():
                    process.stop()
                    raise
                time.sleep(0.02)

    def _add(self, task, paused):
        answer = self._call("torrent-add", **{"filename": task.source, "download-dir": task.data, "paused": paused})
        return answer["torrent-added"]["id"]

    def _call(self, method, **arguments):
        body = json.dumps({"method": method, "arguments": arguments}).encode()
        for _ in range(2):
            try:
                request = urllib.request.Request(self._url, body, {"X-Transmission-Session-Id": self._id})
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return json.load(answer)["arguments"]
            except urllib.error.HTTPError as error:
                self._id = error.headers.get("X-Transmission-Session-Id", "")
        raise RuntimeError(f"transmission refuses '{method}'")


def flag_script(task, flag):
    path = os.path.join(task.state, "hook.sh")
    with open(path, "w") as out:
        out.write(f"#!/bin/sh\n: > '{flag}'\n")
    os.chmod(path, 0o755)
    return path


def available(built):
    def at(*parts):
        return os.path.join(built, *parts)

    clients = [Libtorrent(), Libtorrent("libtorrent-tuned", tuned=True)]
    if os.path.isdir(at("ccbt-native")):
        clients.append(Ccbt("ccbt", at("ccbt-native", "ccbt"), at("start-native", "start")))
    clients.append(Ccbt("ccbt-runtime", at("ccbt", "ccbt.dll"), at("start", "start.dll")))
    return clients + [c() for c in (Aria2, Transmission) if shutil.which(c.program)]
