using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>
/// Reads what stands outside the info dictionary: trackers (BEP 12), web seeds (BEP 19), nodes (BEP 5), remarks. All of it is
/// advice that no hash covers, so what cannot be read is left out.
/// </summary>
internal static class DetailsReader
{
    public static TorrentDetails Read(BValue root) => new()
    {
        Trackers = ReadTrackers(root),
        WebSeeds = ReadWebSeeds(root["url-list"u8]),
        Nodes = ReadNodes(root["nodes"u8]),
        Comment = root["comment.utf-8"u8].AsText() ?? root["comment"u8].AsText(),
        CreatedBy = root["created by.utf-8"u8].AsText() ?? root["created by"u8].AsText(),
        CreationDate = ReadDate(root["creation date"u8]),
    };

    /// <summary>With an announce-list the announce field is ignored (BEP 12), unless nothing in the list can be used.</summary>
    private static IReadOnlyList<IReadOnlyList<string>> ReadTrackers(BValue root)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var tiers = new List<IReadOnlyList<string>>();
        foreach (BEntry tier in root["announce-list"u8].Children)
        {
            var urls = new List<string>();
            foreach (BEntry entry in tier.Value.Children)
                AddTracker(entry.Value, urls, seen);
            // Some creators write a list of strings in place of a list of lists.
            AddTracker(tier.Value, urls, seen);
            if (urls.Count > 0)
                tiers.Add(urls.AsReadOnly());
        }
        if (tiers.Count > 0)
            return tiers.AsReadOnly();
        var single = new List<string>();
        AddTracker(root["announce"u8], single, seen);
        return single.Count == 0 ? [] : [single.AsReadOnly()];
    }

    private static void AddTracker(BValue value, List<string> urls, HashSet<string> seen)
    {
        if (seen.Count < Limits.TrackerUrls && value.AsText() is { } text && UrlRules.TryTracker(text, out string url) && seen.Add(url))
            urls.Add(url);
    }

    private static IReadOnlyList<string> ReadWebSeeds(BValue value)
    {
        var urls = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        AddWebSeed(value, urls, seen);
        foreach (BEntry entry in value.Children)
            AddWebSeed(entry.Value, urls, seen);
        return urls.AsReadOnly();
    }

    private static void AddWebSeed(BValue value, List<string> urls, HashSet<string> seen)
    {
        if (seen.Count < Limits.WebSeedUrls && value.AsText() is { } text && UrlRules.TryWebSeed(text, out string url) && seen.Add(url))
            urls.Add(url);
    }

    private static IReadOnlyList<HostAndPort> ReadNodes(BValue value)
    {
        var nodes = new List<HostAndPort>();
        foreach (BEntry entry in value.Children)
        {
            if (nodes.Count == Limits.TorrentNodes)
                break;
            BChildren pair = entry.Value.Children;
            if (!pair.MoveNext() || pair.Current.Value.AsText() is not { } host || !pair.MoveNext() || pair.Current.Value.AsInteger() is not { } port)
                continue;
            if (HostAndPort.TryParse(host.Contains(':') ? $"[{host}]:{port}" : $"{host}:{port}", out HostAndPort node))
                nodes.Add(node);
        }
        return nodes.AsReadOnly();
    }

    private static DateTimeOffset? ReadDate(BValue value)
        => value.AsInteger() is >= 0 and <= 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(value.AsInteger()!.Value) : null;
}
