using System.Text.Json;

namespace CcBt.Core.Fuzz.Probing;

/// <summary>The kinds of questions. What answers one reads it first and returns how to write the value, so that no half answer is written.</summary>
internal static class ProbeKinds
{
    private static readonly Dictionary<string, Func<ProbeQuestion, Action<Utf8JsonWriter>>> s_kinds = new(StringComparer.Ordinal)
    {
        ["bencode"] = MetainfoProbes.Bencode,
        ["torrent"] = MetainfoProbes.Torrent,
        ["magnet"] = MetainfoProbes.Magnet,
        ["path"] = MetainfoProbes.Path,
        ["merkle"] = MetainfoProbes.Merkle,
        ["compact-peers"] = DhtProbes.CompactPeers,
        ["dht-id"] = DhtProbes.Id,
        ["dht-token"] = DhtProbes.Token,
        ["krpc"] = DhtProbes.Krpc,
        ["fast-set"] = WireProbes.FastSet,
        ["handshake"] = WireProbes.Handshake,
        ["ut-metadata"] = WireProbes.Metadata,
        ["ut-pex"] = WireProbes.Pex,
        ["tracker-response"] = TrackerProbes.Response,
        ["url"] = TrackerProbes.Url,
    };

    public static IReadOnlyCollection<string> Names => s_kinds.Keys;

    public static Func<ProbeQuestion, Action<Utf8JsonWriter>> Find(string kind)
        => s_kinds.TryGetValue(kind, out Func<ProbeQuestion, Action<Utf8JsonWriter>>? answer) ? answer : throw new ProbeException($"The kind '{kind}' is not known: {string.Join(", ", s_kinds.Keys)}.");
}
