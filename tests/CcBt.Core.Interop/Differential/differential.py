"""The same bytes to this library and to libtorrent: where both accept, what they read must be the same.

    differential.py [--inputs N] [--seed S] [--targets a,b] [--show N] [--fuzz PATH]

The inputs are those of the fuzzer (its verb `inputs`), most of them damaged; this library answers through its probe. Prints a line for each target; where the two differ,
inputs in hexadecimal and both answers follow, and the exit code is 1. That one refuses what the other accepts is counted and no failure: they draw the line at different places.
"""
import argparse
import json
import os
import subprocess
import sys

import libtorrent as lt

HERE = os.path.dirname(os.path.abspath(__file__))


def hash_or_none(value, is_there):
    return str(value) if is_there else None


def read_torrent(data):
    info = lt.torrent_info(data)
    hashes = info.info_hashes()
    files = info.files()
    # Padding belongs to no file, and this library does not make links.
    kept = [i for i in range(files.num_files())
            if not int(files.file_flags(i)) & (int(lt.file_storage.flag_pad_file) | int(lt.file_storage.flag_symlink))]
    return {
        "infoHashV1": hash_or_none(hashes.v1, hashes.has_v1()),
        "infoHashV2": hash_or_none(hashes.v2, hashes.has_v2()),
        "pieceLength": info.piece_length(),
        "lengths": [files.file_size(i) for i in kept if files.file_size(i) > 0],
        "private": info.priv(),
    }


def ours_torrent(value):
    return {
        "infoHashV1": value["infoHashV1"], "infoHashV2": value["infoHashV2"], "pieceLength": value["pieceLength"],
        "lengths": [f["length"] for f in value["files"] if f["length"] > 0], "private": value["private"],
    }


def read_magnet(data):
    params = lt.parse_magnet_uri(data.decode("utf-8"))
    hashes = params.info_hashes
    return {"infoHashV1": hash_or_none(hashes.v1, hashes.has_v1()), "infoHashV2": hash_or_none(hashes.v2, hashes.has_v2())}


def ours_magnet(value):
    return {"infoHashV1": value["infoHashV1"], "infoHashV2": value["infoHashV2"]}


def tree_of(value):
    if isinstance(value, dict):
        return ["dictionary"] + [part for key in sorted(value) for part in (key.hex(), tree_of(value[key]))]
    if isinstance(value, list):
        return ["list"] + [tree_of(part) for part in value]
    return value.hex() if isinstance(value, bytes) else value


def sorted_tree(tree):
    if not isinstance(tree, list):
        # libtorrent 2.0.8 reads the least number as 0.
        return 0 if tree == -(1 << 63) else tree
    if tree[0] == "list":
        return ["list"] + [sorted_tree(part) for part in tree[1:]]
    pairs = sorted(zip(tree[1::2], tree[2::2]), key=lambda pair: bytes.fromhex(pair[0]))
    return ["dictionary"] + [part for key, value in pairs for part in (key, sorted_tree(value))]


def read_bencode(data):
    value = lt.bdecode(data)
    if value is None:
        raise ValueError("no bencode")
    return {"tree": tree_of(value)}


def ours_bencode(value):
    return {"tree": sorted_tree(value["tree"])}


# target of the fuzzer: kind of the probe, how the question carries the bytes, libtorrent's reading, and what of our answer is compared
TARGETS = {
    "bencode-file": ("bencode", "hex", read_bencode, ours_bencode),
    "torrent-v1": ("torrent", "hex", read_torrent, ours_torrent),
    "torrent-v2": ("torrent", "hex", read_torrent, ours_torrent),
    "torrent-hybrid": ("torrent", "hex", read_torrent, ours_torrent),
    "magnet": ("magnet", "text", read_magnet, ours_magnet),
}


def run(fuzz, arguments, text=None):
    done = subprocess.run(["dotnet", fuzz, *arguments], input=text, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def theirs(read, data):
    try:
        return read(data), None
    except (RuntimeError, ValueError, OverflowError, UnicodeDecodeError) as refused:
        return None, str(refused)


def compare(name, options):
    kind, form, read, ours = TARGETS[name]
    inputs = [bytes.fromhex(line) for line in run(options.fuzz, ["inputs", "--target", name, "--inputs", str(options.inputs), "--seed", str(options.seed)])]
    questions, asked = [], []
    for data in inputs:
        if form == "text":
            try:
                questions.append({"kind": kind, "text": data.decode("utf-8")})
            except UnicodeDecodeError:
                continue
        else:
            questions.append({"kind": kind, "hex": data.hex()})
        asked.append(data)
    answers = run(options.fuzz, ["probe"], "".join(json.dumps(q) + "\n" for q in questions))
    assert len(answers) == len(asked), "the probe did not answer every question"
    same = refused = only_ours = only_theirs = 0
    differing = []
    for data, line in zip(asked, answers):
        answer = json.loads(line)
        other, why = theirs(read, data)
        mine = ours(answer["value"]) if answer["ok"] else None
        if mine is None and other is None:
            refused += 1
        elif other is None:
            only_ours += 1
            show(options, "only this library", name, data, why)
        elif mine is None:
            only_theirs += 1
            show(options, "only libtorrent", name, data, answer["error"])
        elif mine == other:
            same += 1
        else:
            differing.append((data, mine, other))
    print("%-16s %7d %9d %9d %9d %9d %9d" % (name, len(asked), same, refused, only_ours, only_theirs, len(differing)), flush=True)
    for data, mine, other in differing[:10]:
        print("  DIFFER %s\n    this library %s\n    libtorrent   %s" % (data.hex(), json.dumps(mine), json.dumps(other)))
    return len(differing)


def show(options, who, name, data, why):
    if options.show > 0:
        options.show -= 1
        print("  %s, %s: %s\n    %r" % (who, name, why, data[:600]), file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--targets", default=",".join(TARGETS))
    parser.add_argument("--show", type=int, default=0, help="so many inputs that only one of the two accepts, on standard error")
    parser.add_argument("--fuzz", default=os.path.join(HERE, "../../CcBt.Core.Fuzz/bin/Debug/net10.0/CcBt.Core.Fuzz.dll"))
    options = parser.parse_args()
    print("%-16s %7s %9s %9s %9s %9s %9s" % ("target", "inputs", "both,same", "neither", "only ours", "only lt", "differ"))
    return 1 if sum(compare(name, options) for name in options.targets.split(",")) else 0


if __name__ == "__main__":
    sys.exit(main())
