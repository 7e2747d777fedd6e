#!/usr/bin/python3
"""Runs BitTorrent clients side by side on the same payload and prints medians, extremes and ratios to libtorrent.

run.sh starts this program in a network namespace of its own and with a fresh build of ccbt.
"""
import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import buffers
import clients
from cases import CASES, Bench

TITLES = {
    "leech-1m": "leech over TCP, one file, pieces of 1 MiB",
    "leech-256k": "leech over TCP, one file, pieces of 256 KiB",
    "files": "leech over TCP, 2,000 files",
    "swarm": "leech from many seeders",
    "delay": "leech over a link of 25 ms each way and 100 Mbit/s, 128 MiB",
    "delay-1g": "leech over a link of 25 ms each way and 1 Gbit/s, 512 MiB",
    "mtu": "leech over a link of 25 ms each way and 100 Mbit/s with packets of 1,500 bytes, 128 MiB",
    "seed": "seed over TCP",
    "check": "hash check",
    "magnet": "16 MiB from a magnet link over a private DHT of 50 nodes",
    "idle": "idle torrents",
}
LABELS = {
    "cpu_gib": "CPU s/GiB", "cpu": "CPU s", "wall": "wall s", "transfer": "transfer s", "switches_gib": "switches/GiB", "switches": "switches",
    "peak_mb": "peak MB", "anon_mb": "anonymous MB", "anon_kb_each": "anonymous KB each", "start_cpu": "start CPU s",
    "start": "bare start s", "metadata": "metadata s", "metadata_apart": "metadata s, start apart", "wall_apart": "wall s, start apart", "ready": "ready s", "idle_core_percent": "% of a core", "link_share": "share of link",
    "allocated_mb": "allocated MB", "allocated_gib": "allocated MB/GiB", "gc_pause_ms": "GC pauses ms",
}
RATIOS = ("cpu_gib", "cpu", "transfer", "wall", "metadata_apart", "wall_apart")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--built", required=True, help="the folder of what was built (run.sh gives it)")
    parser.add_argument("--cases", default=",".join(CASES), help="which of: " + ", ".join(CASES) + "; 'leech' stands for both leech cases")
    parser.add_argument("--clients", help="which clients; default: all that are installed")
    parser.add_argument("--runs", type=int, default=3, help="runs of each client in each case (default 3)")
    parser.add_argument("--size", type=int, default=1024, metavar="MIB", help="size of the payload (default 1024)")
    parser.add_argument("--seeders", type=int, default=50, help="seeders in the case 'swarm' (default 50)")
    parser.add_argument("--torrents", type=int, default=1000, help="torrents in the case 'idle' (default 1000)")
    parser.add_argument("--idle-seconds", type=float, default=15, help="how long idle torrents are watched (default 15)")
    parser.add_argument("--limit", type=float, default=1800, metavar="SECONDS", help="no run begins after this long (default 1800)")
    parser.add_argument("--work", help="where payloads and outputs go, about 3 times the size; default: memory (/dev/shm)")
    args = parser.parse_args()
    args.cases = [c for name in args.cases.split(",") for c in (["leech-1m", "leech-256k"] if name == "leech" else [name])]
    if unknown := [c for c in args.cases if c not in CASES]:
        parser.error(f"no case '{unknown[0]}'; there are {', '.join(CASES)}")
    return args


def measure(bench, case, chosen, args, end):
    """Interleaved: first run of every client, second run of every client, ..."""
    rows = {client.name: [] for client in chosen if case in client.cases}
    for run in range(args.runs):
        for client in chosen:
            if client.name not in rows or time.monotonic() > end:
                continue
            try:
                rows[client.name].append(CASES[case](bench, client))
            except (RuntimeError, OSError, KeyError) as error:
                print(f"{case}: {client.name}, run {run + 1}: {error}", file=sys.stderr)
    return rows


def show(case, rows):
    if not any(rows.values()):
        print(f"\n### {TITLES[case]}\n\nno run succeeded", flush=True)
        return
    print(f"\n### {TITLES[case]}\n")
    names = [name for name in LABELS if any(name in row for many in rows.values() for row in many)]
    ratios = [name for name in RATIOS if name in names and rows.get("libtorrent")]
    print("| client | runs | " + " | ".join(LABELS[n] for n in names) + "".join(f" | {LABELS[n]} ÷ libtorrent" for n in ratios) + " |")
    print("|---" * (2 + len(names) + len(ratios)) + "|")
    for client, many in rows.items():
        cells = [client, str(len(many))] + [cell([row[n] for row in many if n in row]) for n in names]
        for name in ratios:
            mine, theirs = ([row[name] for row in source if name in row] for source in (many, rows["libtorrent"]))
            cells.append(f"{statistics.median(mine) / statistics.median(theirs):.2f}" if mine and theirs else "")
        print("| " + " | ".join(cells) + " |")
    sys.stdout.flush()


def cell(values):
    if not values:
        return ""
    middle, least, most = (text(v) for v in (statistics.median(values), min(values), max(values)))
    return middle if least == most else f"{middle} ({least}-{most})"


def text(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def main():
    args = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for command in ("link set lo up", "addr add 10.78.0.0/16 dev lo"):
        subprocess.run(["ip", *command.split()], check=True)
    buffers.enlarge()
    chosen = clients.available(args.built)
    if args.clients:
        chosen = [c for c in chosen if c.name in args.clients.split(",")]
    args.work = tempfile.mkdtemp(prefix="ccbt-swarm-", dir=args.work or ("/dev/shm" if os.path.isdir("/dev/shm") else None))
    bench = Bench(args)
    end = time.monotonic() + args.limit
    print(f"{os.cpu_count()} processors, payload {args.size} MiB, clients: {', '.join(c.name for c in chosen)}; medians (least-most)")
    try:
        for case in args.cases:
            show(case, measure(bench, case, chosen, args, end))
    finally:
        bench.close()
        shutil.rmtree(args.work, ignore_errors=True)


if __name__ == "__main__":
    main()
