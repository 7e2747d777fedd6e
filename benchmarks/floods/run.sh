#!/usr/bin/env bash
# Floods a client of this library on real sockets and prints one table: what each flood does to a good peer, to memory and to newcomers.
#
#   benchmarks/floods/run.sh                                every flood at full size (about ten minutes)
#   benchmarks/floods/run.sh --only connections,requests    some floods
#   benchmarks/floods/run.sh --scale 0.05                   a twentieth of the sockets and packets: a quick look
#   benchmarks/floods/run.sh --help                         all options
#
# Needs Linux, the .NET SDK, unshare and ip. Everything runs in a network namespace that has only a loopback device; nothing can leave the machine.
# There 10.77.0.0/16 stands for private addresses and 198.18.0.0/15 (RFC 2544, for benchmarks) for global ones.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

for tool in dotnet unshare ip; do
  PATH="$PATH:/usr/sbin:/sbin" command -v "$tool" >/dev/null || { echo "run.sh: '$tool' is missing" >&2; exit 2; }
done
# A socket of an attacker is a handle of this process.
ulimit -n "$(ulimit -Hn)"
(($(ulimit -n) >= 12000)) || [[ " $* " == *" --scale "* ]] || { echo "run.sh: 12,000 open files are needed (ulimit -n), or --scale" >&2; exit 2; }
tool="$(mktemp -d)"
trap 'rm -rf "$tool"' EXIT
echo "building floods ..." >&2
dotnet publish "$here/Floods.csproj" -c Release -o "$tool" -v q -nologo >&2

isolate=(unshare -n)
((EUID == 0)) || isolate=(unshare -rn)
"${isolate[@]}" bash -c '
  set -e
  PATH=$PATH:/usr/sbin:/sbin
  ip link set lo up
  ip addr add 10.77.0.1/16 dev lo
  ip addr add 198.18.0.1/15 dev lo
  exec "$@"' namespace dotnet "$tool/floods.dll" "$@"
