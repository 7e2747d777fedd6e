"""libtorrent under remote control: one JSON request a line on stdin, one JSON answer a line on stdout.

{"op": "open", "name": "seed", "address": "10.77.1.1", "port": 6881, "dht": false}
{"op": "add", "session": "seed", "torrent": "/x.torrent", "save": "/data", "complete": true}

Ends when stdin does, so it can not outlive the test that drives it.
"""
import json
import os
import sys
import time

import libtorrent as lt

sessions = {}
torrents = {}


def op_open(name, address, port, dht=False, lsd=False, settings=None):
    pack = {
        "listen_interfaces": "%s:%d" % (address, port),
        "outgoing_interfaces": address,
        "enable_dht": dht, "enable_lsd": lsd, "enable_upnp": False, "enable_natpmp": False,
        "enable_incoming_utp": False, "enable_outgoing_utp": False,
        "in_enc_policy": 1, "out_enc_policy": 2,
        "dht_bootstrap_nodes": "",
        "alert_mask": lt.alert.category_t.error_notification | lt.alert.category_t.dht_operation_notification,
        "allow_multiple_connections_per_ip": True,
        "min_reconnect_time": 1, "tracker_backoff": 25,
        # All addresses of the test network lie in one /16, which the checks against one host with many ids would refuse.
        "dht_restrict_routing_ips": False, "dht_restrict_search_ips": False,
        "dht_prefer_verified_node_ids": False, "dht_ignore_dark_internet": False, "dht_enforce_node_id": False,
        "dht_upload_rate_limit": 1000000,
    }
    pack.update(settings or {})
    sessions[name] = lt.session(pack)
    return {}


def op_add(session, save, torrent=None, magnet=None, complete=False, peers=(), trackers=(), upload_limit=0):
    params = lt.parse_magnet_uri(magnet) if magnet else lt.add_torrent_params()
    if torrent:
        params.ti = lt.torrent_info(torrent)
    params.save_path = save
    params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    if complete:
        params.flags |= lt.torrent_flags.seed_mode
    handle = sessions[session].add_torrent(params)
    if upload_limit:
        handle.set_upload_limit(upload_limit)
    for url in trackers:
        handle.add_tracker({"url": url})
    for host, port in peers:
        handle.connect_peer((host, port))
    ident = len(torrents)
    torrents[ident] = handle
    return {"torrent": ident}


def op_connect(torrent, host, port):
    torrents[torrent].connect_peer((host, port))
    return {}


def op_announce(torrent, dht=False):
    if dht:
        torrents[torrent].force_dht_announce()
    else:
        torrents[torrent].force_reannounce()
    return {}


def op_status(torrent):
    s = torrents[torrent].status()
    return {
        "state": str(s.state), "done": s.total_done, "wanted": s.total_wanted, "seeding": s.is_seeding, "metadata": s.has_metadata,
        "peers": s.num_peers, "uploaded": s.total_payload_upload, "downloaded": s.total_payload_download,
        "failed": s.total_failed_bytes, "error": s.errc.message() if s.errc.value() else "",
    }


def op_flush(torrent):
    """Waits until every verified piece is in its file."""
    handle = torrents[torrent]
    handle.save_resume_data(lt.save_resume_flags_t.flush_disk_cache)
    session = next(s for s in sessions.values() if any(h == handle for h in s.get_torrents()))
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for alert in session.pop_alerts():
            if isinstance(alert, (lt.save_resume_data_alert, lt.save_resume_data_failed_alert)):
                return {}
        time.sleep(0.01)
    raise TimeoutError("the disk queue was not drained within 30 s")


def op_introduce(session, nodes):
    for host, port in nodes:
        sessions[session].add_dht_node((host, port))
    return {}


def op_dht_nodes(session):
    return {"nodes": sessions[session].status().dht_nodes}


def op_dht_lookup(session, info_hash):
    """Asks the DHT who has a torrent; answers with the number of peers heard of in the next half second."""
    asker = sessions[session]
    asker.pop_alerts()
    asker.dht_get_peers(lt.sha1_hash(bytes.fromhex(info_hash)))
    found = 0
    deadline = time.monotonic() + 0.5
    while not found and time.monotonic() < deadline:
        for alert in asker.pop_alerts():
            if isinstance(alert, lt.dht_get_peers_reply_alert):
                found = max(found, alert.num_peers())
        time.sleep(0.01)
    return {"peers": found}


def op_create(path, piece_length, output, trackers=(), private=False):
    files = lt.file_storage()
    lt.add_files(files, path)
    maker = lt.create_torrent(files, piece_length, lt.create_torrent.v1_only)
    for tier, url in enumerate(trackers):
        maker.add_tracker(url, tier)
    maker.set_priv(private)
    lt.set_piece_hashes(maker, os.path.dirname(path))
    with open(output, "wb") as target:
        target.write(lt.bencode(maker.generate()))
    info = lt.torrent_info(output)
    return {"info_hash": str(info.info_hash()), "pieces": info.num_pieces(), "piece_length": info.piece_length()}


def op_drop(torrent):
    handle = torrents[torrent]
    for session in sessions.values():
        if any(h == handle for h in session.get_torrents()):
            session.remove_torrent(handle)
    return {}


def main():
    operations = {name[3:]: function for name, function in globals().items() if name.startswith("op_")}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = operations[request.pop("op")](**request)
        except Exception as error:  # the driver's user gets every failure as an answer
            answer = {"failure": "%s: %s" % (type(error).__name__, error)}
        print(json.dumps(answer), flush=True)
    os._exit(0)


main()
