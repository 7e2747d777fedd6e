#!/usr/bin/env bash
# The mutation check: changes one comparison, bound, early return or answer of the library at a time and sees whether a unit test of the room fails.
#
#   tests/mutation/run.sh [--room A,B] [--files A,B] [--count N|all] [--seed N] [--list-survivors] [--longest-test SECONDS] [--least PERCENT]
#
# Exit code: 0 when every room reaches its share, 1 when not, 2 when it could not run. Survivors that survivors.md does not explain are listed on demand.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

case "${1:-}" in -h | --help) sed -n '2,6s/^# \{0,1\}//p' tests/mutation/run.sh; exit 0 ;; esac

dotnet build src/CcBt.Core -c Release -f net10.0 -v q -nologo >&2 || exit 2
for project in CcBt.Core.Tests CcBt.Core.Mutation; do
  dotnet build tests/$project -c Debug -v q -nologo >&2 || exit 2
done

# The library that is changed is the optimised one: its code has one branch for one condition of the source.
exec dotnet tests/CcBt.Core.Mutation/bin/Debug/net10.0/CcBt.Core.Mutation.dll run \
  "$PWD/src/CcBt.Core/bin/Release/net10.0/CcBt.Core.dll" "$PWD/tests/CcBt.Core.Tests/bin/Debug/net10.0" tests/mutation/survivors.md "$@"
