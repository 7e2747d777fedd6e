#!/usr/bin/env bash
# Which lines of the code that reads what comes from outside the fuzz targets reach: runs the fuzz tests under coverlet and prints a row for each group of
# targets, with the source files that they aim at, and below it every file of which less than 90 % of the lines were reached.
#
#   tests/fuzz-coverage.sh [inputs]      inputs: of each target beside the kept ones (1000: a minute or two; the tests themselves run 10,000 without coverage)
#
# Exit code: 0 when the fuzz tests passed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "${1:-}" in -h | --help) sed -n '2,7s/^# \{0,1\}//p' tests/fuzz-coverage.sh; exit 0 ;; esac

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet build tests/CcBt.Core.Fuzz -c Debug -v q -nologo >&2
CCBT_FUZZ_INPUTS=${1:-1000} dotnet test tests/CcBt.Core.Fuzz --no-build --nologo --collect "XPlat Code Coverage" --results-directory "$results" \
  --filter "FullyQualifiedName~ParserFuzzTests|FullyQualifiedName~SessionFuzzTests" >&2

# The targets, and the files that they aim at: parsers first, then what keeps state between messages.
cat > "$results/groups" <<'GROUPS'
bencode-*|BEncoding/BParser BEncoding/BDocument BEncoding/BValue BEncoding/BChildren BEncoding/BEntry BEncoding/BLimits
torrent-v1, torrent-info|Metainfo/TorrentReader Metainfo/InfoReader Metainfo/FileListReader Metainfo/FileListBuilder Metainfo/FileFields Metainfo/DetailsReader Metainfo/UrlRules
torrent-v2, torrent-hybrid|Metainfo/FileTreeReader Metainfo/FileTreeWalker Metainfo/HybridReader
piece-layers, merkle-root|Metainfo/PieceLayersReader Metainfo/MerkleTree
magnet|Metainfo/MagnetReader Metainfo/FileSelection
path-element, path-allocator|Metainfo/PathSanitizer Metainfo/ReservedNames Metainfo/PathAllocator
info-hash, info-hash-v2, hex, base32|InfoHash InfoHashV2 HashText
peer-address, host-and-port|Addressing/PeerAddress Addressing/AddressClasses HostAndPort
compact-peers-*, compact-nodes-*|Addressing/CompactAddresses Dht/CompactNodes
peer-priority, node-id-bep42|Addressing/PeerPriority Addressing/NodeIdentity
handshake|Wire/Handshake
peer-stream and every peer message|Wire/PeerReader Wire/PeerMessageLengths
extension-handshake, ut-metadata, ut-pex|Wire/ExtensionHandshake Wire/MetadataMessage Wire/PexMessage
allowed-fast-set|Wire/AllowedFastSet
http-announce-*, http-scrape-reply|Trackers/HttpAnnounceReply Trackers/HttpScrape Trackers/PeerLists Trackers/TrackerText
udp-*|Trackers/UdpTrackerPackets
tracker-url, tracker-url-idn, redirect-url|Trackers/TrackerUrlReader Trackers/TrackerUrl
krpc-*|Dht/KrpcReader
dht-snapshot-*|Dht/DhtSnapshotCodec
local-discovery|Trackers/LocalDiscoveryMessage
resume-data|Storage/ResumeReader Storage/ResumeData
state-envelope, parts-record|Storage/StateEnvelope Storage/PartsHeader
peer-reader-leases|Transport/LeaseTable
peer-state|Swarm/Conversation
metadata-assembly|Wire/MetadataAssembly Wire/MetadataFetch
udp-tracker|Trackers/UdpTrackerConversation Trackers/UdpTrackerExchange
announce-schedule|Trackers/AnnounceSchedule Trackers/TrackerState Trackers/TrackerTiers
routing-table|Dht/RoutingTable Dht/Bucket Dht/TableNode
dht-node|Dht/DhtNode Dht/QueryServer Dht/Lookup Dht/LookupDriver Dht/LookupSet Dht/QuerySender Dht/Pinger
blame-book|Swarm/BlameBook
start-sequence|Session/StartSequence
torrent-swarm|Swarm/TorrentSwarm Swarm/TorrentSwarm.Links Swarm/LeaseDesk Swarm/BlockPicker Swarm/PieceOrder Swarm/PieceWork Swarm/OpenPiece Swarm/EndGame Swarm/Dialer Swarm/SwarmLink
GROUPS

awk '
  FNR == NR { split($0, parts, "|"); targets[++groups] = parts[1]; files[groups] = parts[2]; next }
  /<class / { match($0, /filename="[^"]*"/); file = substr($0, RSTART + 10, RLENGTH - 11); sub(/.*CcBt.Core\//, "", file); sub(/\.cs$/, "", file) }
  /<methods>/ { inMethods = 1 }
  /<\/methods>/ { inMethods = 0 }
  /<line / && !inMethods {
    match($0, /number="[0-9]+"/); number = substr($0, RSTART + 8, RLENGTH - 9)
    match($0, /hits="[0-9]+"/); hits = substr($0, RSTART + 6, RLENGTH - 7)
    if (!((file, number) in seen)) { seen[file, number] = 1; lines[file]++ }
    if (hits > 0 && !((file, number) in hit)) { hit[file, number] = 1; covered[file]++ }
  }
  END {
    for (group = 1; group <= groups; group++) {
      all = reached = 0; low = ""
      count = split(files[group], names, " ")
      for (i = 1; i <= count; i++) {
        file = names[i]
        if (!lines[file]) { print "The coverage names no " file ".cs." > "/dev/stderr"; exit 2 }
        all += lines[file]; reached += covered[file]
        if (covered[file] < 0.9 * lines[file])
          low = low sprintf("%28d of %3d lines  %s\n", covered[file], lines[file], file)
      }
      total += all; sum += reached
      printf "%6.1f %% %5d of %5d lines  %s: %s\n%s", 100 * reached / all, reached, all, targets[group], files[group], low
    }
    printf "%6.1f %% %5d of %5d lines  all\n", 100 * sum / total, sum, total
  }' "$results/groups" "$results"/*/coverage.cobertura.xml
