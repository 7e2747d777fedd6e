#!/usr/bin/python3
"""libtorrent as leecher, seeder, checker, idle client, and as the swarms and DHT networks that others are measured in."""
import argparse
import json
import os
import signal
import sys
import time

import libtorrent as lt

BEGAN = time.monotonic()
FIRST_ASKED, ASKED_AGAIN = 0.02, 0.05


def tell(event, **fields):
    print(json.dumps({"event": event, "t": time.monotonic() - BEGAN, "clock": time.monotonic(), **fields}), flush=True)


def open_session(args, address, role):
    settings = {
        "listen_interfaces": f"{address}:{args.port}",
        "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
        "enable_dht": bool(args.router) or role == "dht", "dht_bootstrap_nodes": args.router,
        "enable_incoming_utp": False, "enable_outgoing_utp": False,
        "out_enc_policy": 2, "in_enc_policy": 2,
        "allow_multiple_connections_per_ip": True,
        "alert_mask": lt.alert.category_t.storage_notification | lt.alert.category_t.dht_notification | lt.alert.category_t.dht_operation_notification,
        # The nodes of a private DHT live on neighbouring addresses, which the rules for the open network refuse.
        "dht_restrict_routing_ips": False, "dht_restrict_search_ips": False,
        "dht_prefer_verified_node_ids": False, "dht_ignore_dark_internet": False,
    }
    if role == "seed":
        settings.update(unchoke_slots_limit=-1, active_limit=-1, active_seeds=-1, connections_limit=1000)
    if args.tuned and role == "seed":
        settings.update(send_buffer_watermark=8 << 20, send_buffer_low_watermark=1 << 20, max_allowed_in_request_queue=4000)
    if args.tuned and role == "leech":
        settings.update(max_out_request_queue=2000, max_queued_disk_bytes=32 << 20, hashing_threads=2)
    return lt.session(settings)


def add(session, args, source, seed=False):
    if source.startswith("magnet:"):
        params = lt.parse_magnet_uri(source)
    else:
        params = lt.add_torrent_params()
        params.ti = lt.torrent_info(source)
    params.save_path = args.data
    params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    if seed:
        params.flags |= lt.torrent_flags.seed_mode
    return session.add_torrent(params)


def neighbours(address, count):
    head, last = address.rsplit(".", 1)
    return [f"{head}.{int(last) + i}" for i in range(count)]


def leech(args):
    session = open_session(args, args.bind, "leech")
    handle = add(session, args, args.source)
    for peer in args.peer:
        host, port = peer.rsplit(":", 1)
        handle.connect_peer((host, int(port)))
    told = False
    ask_at = BEGAN + FIRST_ASKED
    while True:
        status = handle.status()
        # By itself it asks a quarter of an hour after it was added before the DHT is up. The end of its bootstrap is no sign to wait for: with
        # one node in the tables that is gone, such as the client of a former run, it comes fifteen seconds late.
        if args.router and status.list_peers == 0 and time.monotonic() >= ask_at:
            handle.force_dht_announce()
            ask_at = time.monotonic() + ASKED_AGAIN
        if status.has_metadata and not told:
            told = True
            tell("metadata")
        if status.is_seeding:
            break
        time.sleep(0.005)
    # A good hash is not yet a written piece: the disk queue must be empty.
    session.pop_alerts()
    handle.flush_cache()
    while not any(isinstance(a, lt.cache_flushed_alert) for a in session.pop_alerts()):
        time.sleep(0.002)
    tell("done")


def seed(args):
    sessions = [open_session(args, address, "seed") for address in neighbours(args.bind, args.count)]
    handles = [add(session, args, args.source, seed=True) for session in sessions]
    while not all(h.status().is_seeding for h in handles):
        time.sleep(0.02)
    tell("ready")
    while not any(h.status().total_payload_upload for h in handles):
        time.sleep(0.005 if args.count == 1 else 0.05)
    tell("first")
    signal.pause()


def check(args):
    began = time.monotonic()
    session = open_session(args, args.bind, "leech")
    handle = add(session, args, args.source)
    while not handle.status().is_seeding:
        time.sleep(0.002)
    tell("done", wall=time.monotonic() - began)


def idle(args):
    session = open_session(args, args.bind, "leech")
    handles = [add(session, args, os.path.join(args.source, name)) for name in sorted(os.listdir(args.source))]
    checking = (lt.torrent_status.checking_files, lt.torrent_status.checking_resume_data)
    while any(h.status().state in checking for h in handles):
        time.sleep(0.1)
    tell("ready")
    signal.pause()


def dht(args):
    """A DHT of `count` nodes; one node more seeds the torrent and announces it."""
    addresses = neighbours(args.bind, args.count)
    nodes = [open_session(args, address, "dht") for address in addresses]
    for node in nodes:
        for address in addresses:
            node.add_dht_node((address, args.port))
    time.sleep(2)
    args.router = f"{args.bind}:{args.port}"
    seeder = open_session(args, neighbours(args.bind, args.count + 1)[-1], "seed")
    for address in addresses:
        seeder.add_dht_node((address, args.port))
    handle = add(seeder, args, args.source, seed=True)
    key = lt.sha1_hash(bytes.fromhex(str(handle.info_hash())))
    for _ in range(40):
        handle.force_dht_announce()
        time.sleep(1)
        nodes[1].dht_get_peers(key)
        time.sleep(0.5)
        if any(isinstance(a, lt.dht_get_peers_reply_alert) and a.num_peers() for a in nodes[1].pop_alerts()):
            tell("ready")
            signal.pause()
    sys.exit("the private DHT does not find its own seeder")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=["leech", "seed", "check", "idle", "dht"])
    parser.add_argument("source")
    parser.add_argument("--data", required=True)
    parser.add_argument("--bind", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--router", default="")
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--tuned", action="store_true")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    globals()[args.role](args)
    os._exit(0)


if __name__ == "__main__":
    main()
