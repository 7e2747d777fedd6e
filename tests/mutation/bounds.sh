#!/usr/bin/env bash
# Whether the tests that docs/bounds.md names notice when a bound moves: doubles and halves each constant of Limits in the built library and runs the tests
# beside it, as they were built before. Prints a line a constant; takes about ten seconds for each.
#
#   tests/mutation/bounds.sh [CONSTANT...]
#
# Exit code: 0 when every constant is noticed that became looser, 1 when not, 2 when it could not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

case "${1:-}" in -h | --help) sed -n '2,7s/^# \{0,1\}//p' tests/mutation/bounds.sh; exit 0 ;; esac

dotnet build src/CcBt.Core -c Release -f net10.0 -v q -nologo >&2 || exit 2
for project in CcBt.Core.Tests CcBt.Core.Mutation; do
  dotnet build tests/$project -c Debug -v q -nologo >&2 || exit 2
done

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/src"
cp Directory.Build.props Directory.Packages.props README.md global.json nuget.config .editorconfig "$copy" 2>/dev/null || true
cp -r src/CcBt.Core "$copy/src"
rm -rf "$copy/src/CcBt.Core/bin" "$copy/src/CcBt.Core/obj"
tool="$PWD/tests/CcBt.Core.Mutation/bin/Debug/net10.0/CcBt.Core.Mutation.dll"
dotnet "$tool" mark "$copy/src/CcBt.Core"
dotnet build "$copy/src/CcBt.Core" -c Release -f net10.0 -v q -nologo >&2 || exit 2

dotnet "$tool" bounds "$PWD/src/CcBt.Core/bin/Release/net10.0/CcBt.Core.dll" "$copy/src/CcBt.Core/bin/Release/net10.0/CcBt.Core.dll" \
  src/CcBt.Core "$PWD/tests/CcBt.Core.Tests/bin/Debug/net10.0" docs/bounds.md "$@"
