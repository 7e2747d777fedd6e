#!/usr/bin/env bash
# Runs this library and other BitTorrent clients side by side and prints what each one costs.
#
#   benchmarks/swarm/run.sh                              every case, three runs of each client (about fifteen minutes)
#   benchmarks/swarm/run.sh --cases leech,seed --runs 5  some cases, more runs
#   benchmarks/swarm/run.sh --size 128 --runs 1          a quick look with a payload of 128 MiB
#   benchmarks/swarm/run.sh --help                       all options
#
# CCBT_BUILT=DIR keeps the programs built for it in DIR, and uses what is there already.
#
# Needs Linux, the .NET SDK, python3 with python3-libtorrent, unshare, nsenter and ip. aria2 and transmission-daemon take part when they are
# installed; `ccbt` as a native program does when clang or gcc is. Everything runs in network namespaces of its own; nothing can leave the machine.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
python=/usr/bin/python3

for tool in dotnet unshare nsenter ip "$python"; do
  command -v "$tool" >/dev/null || { echo "run.sh: '$tool' is missing" >&2; exit 2; }
done
case " $* " in *" --help "* | *" -h "*) exec "$python" "$here/swarm.py" --help ;; esac
"$python" -c 'import libtorrent' 2>/dev/null || { echo "run.sh: install python3-libtorrent (Debian); it is the reference" >&2; exit 2; }

case "$(uname -m)" in
  x86_64) rid=linux-x64 ;;
  aarch64) rid=linux-arm64 ;;
  *) echo "run.sh: no runtime identifier is known for $(uname -m)" >&2; exit 2 ;;
esac
linker=
for compiler in clang gcc; do
  command -v "$compiler" >/dev/null && { linker=$compiler; break; }
done
built="${CCBT_BUILT:-}"
if [[ -z $built ]]; then
  built="$(mktemp -d)"
  trap 'rm -rf "$built"' EXIT
fi

# publish PROJECT FOLDER OPTION...
publish() {
  local project=$1 folder=$2
  shift 2
  [[ -d $built/$folder ]] && return
  echo "building $folder for $rid ..." >&2
  dotnet publish "$project" -c Release -r "$rid" -o "$built/$folder.new" -v q -nologo "$@" >&2
  mv "$built/$folder.new" "$built/$folder"
}

publish "$here/../../samples/Cli" ccbt
publish "$here/start" start
if [[ -n $linker ]]; then
  publish "$here/../../samples/Cli" ccbt-native -p:Native=true -p:CppCompilerAndLinker="$linker"
  publish "$here/start" start-native -p:Native=true -p:CppCompilerAndLinker="$linker"
else
  echo "run.sh: neither clang nor gcc is here to link a native program: ccbt is measured on the runtime only" >&2
fi

isolate=(unshare -n)
((EUID == 0)) || isolate=(unshare -rn)
PYTHONDONTWRITEBYTECODE=1 "${isolate[@]}" "$python" "$here/swarm.py" --built "$built" "$@"
