using System.Text;

namespace CcBt.Core.Metainfo;

/// <summary>
/// Which URLs from torrents and magnet links are kept: by scheme, length and characters. What is not kept is dropped from its list and
/// never spoils the torrent. Whether a host may be contacted is decided where it is contacted.
/// </summary>
internal static class UrlRules
{
    /// <summary>http, https and udp.</summary>
    public static bool TryTracker(string text, out string url)
        => TryAccept(text, out url) && (IsHttp(url) || HasScheme(url, "udp://"));

    /// <summary>http and https (BEP 19).</summary>
    public static bool TryWebSeed(string text, out string url)
        => TryAccept(text, out url) && IsHttp(url);

    private static bool IsHttp(string url) => HasScheme(url, "http://") || HasScheme(url, "https://");

    private static bool HasScheme(string url, string scheme)
        => url.Length > scheme.Length && url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);

    private static bool TryAccept(string text, out string url)
    {
        url = text.Trim(' ');
        if (url.Length > Limits.TrackerUrlLength)
            return false;
        foreach (Rune rune in url.EnumerateRunes())
        {
            // What was not Unicode shows as U+FFFD.
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
                return false;
        }
        return true;
    }
}
