namespace CcBt.Core.Metainfo;

/// <summary>Which URLs from torrents and magnet links are kept. What is not kept is dropped from its list; it never spoils the torrent.</summary>
internal static class UrlRules
{
    /// <summary>http, https and udp; udp needs a port.</summary>
    public static bool TryTracker(string text, out string url)
        => TryAccept(text, out url, out Uri? uri) && (IsHttp(uri!) || (uri!.Scheme == "udp" && uri.Port > 0));

    /// <summary>http and https (BEP 19).</summary>
    public static bool TryWebSeed(string text, out string url)
        => TryAccept(text, out url, out Uri? uri) && IsHttp(uri!);

    private static bool IsHttp(Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;

    private static bool TryAccept(string text, out string url, out Uri? uri)
    {
        url = text.Trim(' ');
        uri = null;
        if (url.Length is 0 or > Limits.UrlLength)
            return false;
        foreach (char c in url)
        {
            if (char.IsControl(c) || c == '\uFFFD')
                return false;
        }
        return Uri.TryCreate(url, UriKind.Absolute, out uri) && IsPlainHost(uri);
    }

    /// <summary>Names that need punycode can look like others, and no tracker needs one.</summary>
    private static bool IsPlainHost(Uri uri)
    {
        if (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)
            return true;
        if (uri.HostNameType != UriHostNameType.Dns)
            return false;
        foreach (char c in uri.Host)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
                return false;
        }
        return !uri.Host.StartsWith("xn--", StringComparison.OrdinalIgnoreCase)
            && !uri.Host.Contains(".xn--", StringComparison.OrdinalIgnoreCase);
    }
}
