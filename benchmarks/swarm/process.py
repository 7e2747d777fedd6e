"""A measured process: what it cost when it has ended, and the JSON events that it wrote."""
import json
import os
import signal
import subprocess
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """Runs a command. Times are seconds since it was started; `clock` is the same instant on the system's monotonic clock."""

    def __init__(self, command, env=None):
        self.events = {}
        self.last = {}
        self.memory = {"VmHWM": 0, "RssAnon": 0}
        self.usage = None
        self.clock = time.monotonic()
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                       env={**os.environ, **(env or {})})
        self.pid = self._child.pid
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()

    def mark(self, name, fields=None):
        """Keeps the first event and the last one of each name."""
        self.last[name] = {"at": time.monotonic() - self.clock, **(fields or {})}
        self.events.setdefault(name, self.last[name])

    def at(self, name):
        return self.events[name]["at"]

    def cpu_now(self):
        """User and system seconds so far, in the kernel's ticks (mostly 10 ms)."""
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def ended(self):
        if self.usage is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.usage = usage
                self._child.returncode = os.waitstatus_to_exitcode(status)
                self.mark("exit")
        return self.usage is not None

    def wait(self, event, seconds, look=None):
        """Waits for an event; `look` is called now and then and may mark it."""
        end = time.monotonic() + seconds
        while event not in self.events:
            if look:
                look()
            if self.ended() and event != "exit":
                time.sleep(0.05)
                if event not in self.events:
                    raise RuntimeError(f"the process ended (exit {self._child.returncode}) before '{event}'")
            if time.monotonic() > end:
                raise RuntimeError(f"no '{event}' within {seconds} s")
            time.sleep(0.003)

    def stop(self):
        if not self.ended():
            self._child.send_signal(signal.SIGTERM)
            end = time.monotonic() + 10
            while not self.ended():
                if time.monotonic() > end:
                    self._child.kill()
                time.sleep(0.01)
        return self

    def cost(self):
        """What the finished process used, as the operating system counted it."""
        return {
            "cpu": self.usage.ru_utime + self.usage.ru_stime,
            "switches": self.usage.ru_nvcsw + self.usage.ru_nivcsw,
            "peak_mb": self.memory["VmHWM"] / 1024,
            "anon_mb": self.memory["RssAnon"] / 1024,
        }

    def managed(self, bytes_done):
        """What a client with managed memory told of it, if it did: all at the end, and a GiB once the transfer ran (field `bytes_done`)."""
        end = self.last.get("done") or self.last.get("progress") or {}
        if "allocated" not in end:
            return {}
        figures = {"allocated_mb": end["allocated"] / (1 << 20), "gc_pause_ms": end["gcPauseMs"]}
        first, last = (source.get("progress", {}) for source in (self.events, self.last))
        if last.get(bytes_done, 0) - first.get(bytes_done, 0) >= 64 << 20:
            figures["allocated_gib"] = (last["allocated"] - first["allocated"]) * 1024 / (last[bytes_done] - first[bytes_done])
        return figures

    def _read(self):
        for line in self._child.stdout:
            try:
                event = json.loads(line)
                self.mark(event["event"], event)
            except (ValueError, KeyError, TypeError):
                continue

    def _watch(self):
        while self.usage is None:
            try:
                with open(f"/proc/{self.pid}/status") as status:
                    for line in status:
                        name, _, value = line.partition(":")
                        if name in self.memory:
                            self.memory[name] = max(self.memory[name], int(value.split()[0]))
            except OSError:
                return
            time.sleep(0.02)
