#!/usr/bin/env bash
# Restores, builds and runs every test of this repository, and ends with the line "N passed, N failed".
#
#   ./test.sh             everything; tests against real clients that are not installed are skipped
#   ./test.sh --install   installs the missing clients first (Debian; root or sudo), as CI=true does
#
# Exit code: 0 when everything passed, 1 when a build or a test failed, 2 when the machine lacks something.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2

install=false
case "${1:-}" in
  "") ;;
  --install) install=true ;;
  -h | --help) sed -n '2,7s/^# \{0,1\}//p' test.sh; exit 0 ;;
  *) echo "test.sh: unknown option '$1' (see ./test.sh --help)" >&2; exit 2 ;;
esac
in_ci=false
case "${CI:-}" in 1 | [Tt]rue | yes) in_ci=true; install=true ;; esac

configuration=Debug
framework=net10.0
results="$PWD/TestResults"
interop=CcBt.Core.Interop
clients="python3-libtorrent transmission-daemon aria2 opentracker iproute2 nginx-light"

# Nothing of the build may outlive this script: a CI job waits until the last holder of its output is gone.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_USE_MSBUILD_SERVER=0

passed=0
failed=0
skipped=0

step() { printf '\n== %s (%ds)\n' "$1" "$SECONDS"; }

finish() {
  echo
  if ((skipped > 0)); then echo "$skipped skipped"; fi
  echo "$passed passed, $failed failed"
  ((failed == 0 && passed > 0))
  exit
}

give_up() {
  echo "FAILED: $1" >&2
  failed=$((failed + 1))
  finish
}

check_dotnet() {
  if ! command -v dotnet > /dev/null; then
    echo "test.sh: dotnet is missing. Install the .NET SDK 10 (https://dotnet.microsoft.com/download/dotnet/10.0) and put it on the PATH." >&2
    exit 2
  fi
  if ! dotnet --version > /dev/null 2>&1; then
    echo "test.sh: no installed .NET SDK satisfies global.json; install the .NET SDK 10 (https://dotnet.microsoft.com/download/dotnet/10.0)." >&2
    dotnet --list-sdks >&2
    exit 2
  fi
}

python_with_libtorrent() {
  local python
  for python in /usr/bin/python3 python3; do
    "$python" -c 'import libtorrent' 2> /dev/null && return 0
  done
  return 1
}

missing_clients() {
  local search="$PATH:/usr/sbin:/sbin"
  python_with_libtorrent || echo python3-libtorrent
  PATH=$search command -v transmission-daemon > /dev/null || echo transmission-daemon
  PATH=$search command -v aria2c > /dev/null || echo aria2
  PATH=$search command -v opentracker > /dev/null || echo opentracker
  PATH=$search command -v ip > /dev/null || echo iproute2
  PATH=$search command -v nginx > /dev/null || echo nginx-light
}

install_clients() {
  local missing as_root=() policy=/usr/sbin/policy-rc.d own_policy=false
  missing=$(missing_clients | tr '\n' ' ')
  [[ -z "$missing" ]] && return
  if ! $install; then
    echo "Real clients are missing, their tests are skipped: $missing"
    echo "To run them: ./test.sh --install, or: apt-get install $clients"
    return
  fi
  if ! command -v apt-get > /dev/null; then
    echo "Cannot install $missing: this machine has no apt-get. Install them by hand." >&2
    return
  fi
  ((EUID == 0)) || as_root=(sudo -n)
  step "install real clients: $missing"
  # Debian starts a package's service when it is installed; this keeps it from doing so.
  if [[ ! -e $policy ]]; then
    own_policy=true
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy > /dev/null
    "${as_root[@]}" chmod +x $policy
  fi
  "${as_root[@]}" apt-get update -qq || echo "apt-get update failed" >&2
  # shellcheck disable=SC2086
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null \
    || echo "apt-get could not install: $missing" >&2
  if $own_policy; then "${as_root[@]}" rm -f $policy; fi
}

# The namespace has only lo, so a test that would reach the outside fails instead.
namespace_command='
  set -e
  PATH=$PATH:/usr/sbin:/sbin
  ip link set lo up multicast on
  ip addr add 10.77.0.1/16 dev lo
  ip route add 239.192.0.0/16 dev lo
  ip -6 addr add fd77::1/64 dev lo 2> /dev/null || true
  ip -6 route add local fd77::/64 dev lo 2> /dev/null || true
  exec "$@"'

in_namespace() {
  if ((EUID == 0)); then
    unshare -n bash -c "$namespace_command" namespace "$@"
  else
    unshare -rn bash -c "$namespace_command" namespace "$@"
  fi
}

attribute() { sed -n "s/.*<Counters[^>]* $1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1; }

# run_project NAME LABEL FILTER [WRAPPER]: runs the built tests and adds up what the result file says.
# A crashed host, a missing result file and an empty run are failures, whatever the console printed.
run_project() {
  local name=$1 label=$2 filter=$3 wrapper=${4:-}
  local dll="tests/$name/bin/$configuration/$framework/$name.dll"
  local trx="$results/$label.trx" code=0 total ran good bad
  step "test $label"
  if [[ ! -f $dll ]]; then
    echo "FAILED: $dll was not built" >&2
    failed=$((failed + 1))
    return
  fi
  $wrapper dotnet test "$dll" --results-directory "$results" --logger "trx;LogFileName=$label.trx" \
    --logger "console;verbosity=minimal" --blame-hang --blame-hang-timeout 6m --blame-hang-dump-type none \
    ${filter:+--filter "$filter"} || code=$?
  if [[ ! -f $trx ]]; then
    echo "FAILED: $label wrote no result file (exit code $code)" >&2
    failed=$((failed + 1))
    return
  fi
  total=$(attribute total "$trx")
  ran=$(attribute executed "$trx")
  good=$(attribute passed "$trx")
  bad=$((${ran:-0} - ${good:-0}))
  if ((${total:-0} == 0)); then
    echo "FAILED: $label ran no test" >&2
    bad=1
  elif ((code != 0 && bad == 0)); then
    echo "FAILED: $label: the test host ended with exit code $code although no test failed" >&2
    bad=1
  fi
  passed=$((passed + ${good:-0}))
  failed=$((failed + bad))
  skipped=$((skipped + ${total:-0} - ${ran:-0}))
}

# Brings the compiler for native programs into the package cache, so that the test which needs it is not skipped. Where it cannot be had the build still is good.
fetch_native_compiler() {
  local rid artifacts
  case "$(uname -m)" in x86_64) rid=linux-x64 ;; aarch64) rid=linux-arm64 ;; *) return ;; esac
  command -v clang > /dev/null || command -v gcc > /dev/null || return
  artifacts=$(mktemp -d)
  dotnet restore samples/Cli -r $rid -p:Native=true --artifacts-path "$artifacts" -v q \
    || echo "The compiler for native programs could not be restored; its test is skipped." >&2
  rm -rf "$artifacts"
}

run_interop() {
  fetch_native_compiler
  run_project $interop $interop-packages "Category=Packages"
  if in_namespace true 2> /dev/null; then
    run_project $interop $interop "Category!=Packages" in_namespace
    return
  fi
  echo "No network namespace can be made here (unshare -rn, ip): the tests against real clients cannot run." >&2
  if $in_ci; then failed=$((failed + 1)); fi
}

check_dotnet
rm -rf "$results"
mkdir -p "$results"
install_clients

step "restore"
dotnet restore CcBt.Core.sln -v q || give_up "dotnet restore"
step "build"
dotnet build CcBt.Core.sln -c $configuration --no-restore -v q || give_up "dotnet build"

found=0
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  found=$((found + 1))
  if [[ $name == "$interop" ]]; then
    run_interop
  else
    run_project "$name" "$name" ""
  fi
done
((found > 0)) || give_up "no test project was found under tests/"
finish
