namespace CcBt.Core.Metainfo;

/// <summary>
/// Reads magnet links (BEP 9, BEP 53). What names the torrent or selects its files must be right; hints about trackers,
/// web seeds and peers that cannot be used are left out.
/// </summary>
internal sealed class MagnetReader
{
    private const string Scheme = "magnet:";
    private const string MultihashSha256 = "1220";

    private readonly List<string> _trackers = [];
    private readonly List<string> _webSeeds = [];
    private readonly List<HostAndPort> _peers = [];
    private readonly List<Range> _selected = [];
    private InfoHash? _v1;
    private InfoHashV2? _v2;
    private string? _name;

    private MagnetReader()
    {
    }

    /// <summary>Reads a link; returns the error when it has one.</summary>
    public static TorrentFormatException? Read(string text, out MagnetFields? fields)
    {
        fields = null;
        text = text.Trim();
        if (text.Length > Limits.MagnetLength)
            return Bad("magnet", $"It is longer than {Limits.MagnetLength} characters.");
        int query = text.IndexOf('?');
        if (query < 0 || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return Bad("magnet", "It does not begin with 'magnet:?'.");
        var reader = new MagnetReader();
        foreach (string parameter in text[(query + 1)..].Split('&'))
        {
            if (reader.ReadParameter(parameter) is { } error)
                return error;
        }
        if (reader._v1 is null && reader._v2 is null)
            return Bad("xt", "A magnet link needs 'xt=urn:btih:' with 40 hexadecimal or 32 base32 characters, or 'xt=urn:btmh:1220' with 64 hexadecimal ones.");
        FileSelection.Join(reader._selected);
        fields = reader.Build();
        return null;
    }

    private MagnetFields Build() => new()
    {
        InfoHashV1 = _v1,
        InfoHashV2 = _v2,
        Name = _name,
        Trackers = _trackers.AsReadOnly(),
        WebSeeds = _webSeeds.AsReadOnly(),
        Peers = _peers.AsReadOnly(),
        SelectedFiles = _selected.AsReadOnly(),
    };

    private TorrentFormatException? ReadParameter(string parameter)
    {
        int equals = parameter.IndexOf('=');
        if (equals < 0)
            return null;
        string raw = parameter[(equals + 1)..];
        switch (Key(parameter.AsSpan(0, equals)))
        {
            case "xt":
                return ReadTopic(Uri.UnescapeDataString(raw));
            case "dn":
                _name ??= ReadName(raw);
                return null;
            case "tr":
                if (UrlRules.TryTracker(Uri.UnescapeDataString(raw), out string tracker))
                    AddOnce(_trackers, tracker, Limits.TrackerUrls);
                return null;
            case "ws":
                if (UrlRules.TryWebSeed(Uri.UnescapeDataString(raw), out string webSeed))
                    AddOnce(_webSeeds, webSeed, Limits.WebSeedUrls);
                return null;
            case "x.pe":
                if (HostAndPort.TryParse(Uri.UnescapeDataString(raw).Trim(), out HostAndPort peer))
                    AddOnce(_peers, peer, Limits.MagnetPeers);
                return null;
            case "so":
                return FileSelection.TryRead(Uri.UnescapeDataString(raw), _selected)
                    ? null
                    : Bad("so", $"It must be file indexes below {Limits.FileCount} and ranges of them, such as '0,2,4-6'.");
            default:
                return null;
        }
    }

    /// <summary>Numbered keys (<c>tr.1</c>) mean the same as plain ones, and links copied from a web page can carry <c>&amp;amp;</c>.</summary>
    private static string Key(ReadOnlySpan<char> key)
    {
        if (key.StartsWith("amp;", StringComparison.OrdinalIgnoreCase))
            key = key[4..];
        int dot = key.LastIndexOf('.');
        if (dot > 0 && dot + 1 < key.Length && key[(dot + 1)..].IndexOfAnyExceptInRange('0', '9') < 0)
            key = key[..dot];
        return key.ToString().ToLowerInvariant();
    }

    private TorrentFormatException? ReadTopic(string topic)
    {
        if (HasPrefix(topic, "urn:btih:", out string text))
        {
            if (!InfoHash.TryParse(text, out InfoHash hash))
                return Bad("xt", $"'{text}' is not an info hash of 40 hexadecimal or 32 base32 characters.");
            if (_v1 is { } former && former != hash)
                return Bad("xt", "It names two different version 1 info hashes.");
            _v1 = hash;
        }
        else if (HasPrefix(topic, "urn:btmh:", out text))
        {
            if (!text.StartsWith(MultihashSha256, StringComparison.Ordinal) || !InfoHashV2.TryParse(text[4..], out InfoHashV2 hash))
                return Bad("xt", $"'{text}' is not '1220' and 64 hexadecimal characters.");
            if (_v2 is { } former && former != hash)
                return Bad("xt", "It names two different version 2 info hashes.");
            _v2 = hash;
        }
        return null;
    }

    private static string? ReadName(string raw)
    {
        string name = Uri.UnescapeDataString(raw.Replace('+', ' ')).Trim();
        return name.Length == 0 ? null : name;
    }

    private static void AddOnce<T>(List<T> list, T value, int limit)
    {
        if (list.Count < limit && !list.Contains(value))
            list.Add(value);
    }

    private static bool HasPrefix(string topic, string prefix, out string rest)
    {
        bool has = topic.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
        rest = has ? topic[prefix.Length..] : "";
        return has;
    }

    private static TorrentFormatException Bad(string key, string message)
        => new(TorrentErrorCode.InvalidMagnet, $"The magnet link cannot be read: {key}: {message}", key);
}
