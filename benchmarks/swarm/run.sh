#!/usr/bin/env bash
# Runs this library and other BitTorrent clients side by side and prints what each one costs.
#
#   benchmarks/swarm/run.sh                              every case, three runs of each client (about ten minutes)
#   benchmarks/swarm/run.sh --cases leech,seed --runs 5  some cases, more runs
#   benchmarks/swarm/run.sh --size 128 --runs 1          a quick look with a payload of 128 MiB
#   benchmarks/swarm/run.sh --help                       all options
#
# Needs Linux, the .NET SDK, python3 with python3-libtorrent, unshare and ip. aria2 and transmission-daemon take part when they are installed.
# Everything runs in a network namespace that has only a loopback device; nothing can leave the machine.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
python=/usr/bin/python3

for tool in dotnet unshare ip "$python"; do
  command -v "$tool" >/dev/null || { echo "run.sh: '$tool' is missing" >&2; exit 2; }
done
case " $* " in *" --help "* | *" -h "*) exec "$python" "$here/swarm.py" --help ;; esac
"$python" -c 'import libtorrent' 2>/dev/null || { echo "run.sh: install python3-libtorrent (Debian); it is the reference" >&2; exit 2; }

case "$(uname -m)" in
  x86_64) rid=linux-x64 ;;
  aarch64) rid=linux-arm64 ;;
  *) echo "run.sh: no runtime identifier is known for $(uname -m)" >&2; exit 2 ;;
esac
tool="$(mktemp -d)"
trap 'rm -rf "$tool"' EXIT
echo "building ccbt for $rid ..." >&2
dotnet publish "$here/../../samples/Cli" -c Release -r "$rid" --self-contained false -p:PublishReadyToRun=true -o "$tool" -v q -nologo >&2

isolate=(unshare -n)
((EUID == 0)) || isolate=(unshare -rn)
PYTHONDONTWRITEBYTECODE=1 "${isolate[@]}" "$python" "$here/swarm.py" --ccbt "$tool/ccbt.dll" "$@"
