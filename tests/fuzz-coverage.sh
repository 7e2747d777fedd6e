#!/usr/bin/env bash
# Which lines of the parsers the fuzz targets reach: runs the fuzz tests under coverlet and prints a row for each source file of the rooms that read what
# comes from outside, the least covered first.
#
#   tests/fuzz-coverage.sh [least] [inputs]      least: prints only files below so many percent (all); inputs: of each target beside the kept ones (1000)
#
# Exit code: 0 when the fuzz tests passed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "${1:-}" in -h | --help) sed -n '2,7s/^# \{0,1\}//p' tests/fuzz-coverage.sh; exit 0 ;; esac

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet build tests/CcBt.Core.Fuzz -c Debug -v q -nologo >&2
CCBT_FUZZ_INPUTS=${2:-1000} dotnet test tests/CcBt.Core.Fuzz --no-build --nologo --collect "XPlat Code Coverage" --results-directory "$results" \
  --filter "FullyQualifiedName~ParserFuzzTests|FullyQualifiedName~SessionFuzzTests" >&2

awk -v least="${1:-101}" '
  /<class / { match($0, /filename="[^"]*"/); file = substr($0, RSTART + 10, RLENGTH - 11); sub(/.*CcBt.Core\//, "", file) }
  /<methods>/ { inMethods = 1 }
  /<\/methods>/ { inMethods = 0 }
  /<line / && !inMethods {
    match($0, /number="[0-9]+"/); number = substr($0, RSTART + 8, RLENGTH - 9)
    match($0, /hits="[0-9]+"/); hits = substr($0, RSTART + 6, RLENGTH - 7)
    if (!((file, number) in seen)) { seen[file, number] = 1; lines[file]++ }
    if (hits > 0 && !((file, number) in hit)) { hit[file, number] = 1; covered[file]++ }
  }
  END {
    for (file in lines) {
      if (file !~ /^(BEncoding|Addressing|Metainfo|Wire|Trackers|Dht)\// ) continue
      all += lines[file]; reached += covered[file]
      percent = 100 * covered[file] / lines[file]
      if (percent < least) printf "%6.1f %% %5d of %5d lines  %s\n", percent, covered[file], lines[file], file | "sort -n"
    }
    close("sort -n")
    printf "%6.1f %% %5d of %5d lines  all\n", 100 * reached / all, reached, all
  }' "$results"/*/coverage.cobertura.xml
