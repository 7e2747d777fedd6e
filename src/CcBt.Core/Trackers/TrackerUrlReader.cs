using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CcBt.Core.Trackers;

/// <summary>Takes a tracker URL apart by hand: <see cref="Uri"/> repairs and normalises, and what is refused must be refused as it stands.</summary>
internal static class TrackerUrlReader
{
    private static readonly HashSet<string> ClientParameters = new(StringComparer.OrdinalIgnoreCase)
    {
        "info_hash", "peer_id", "port", "uploaded", "downloaded", "left", "corrupt", "event", "key", "numwant",
        "compact", "no_peer_id", "ip", "ipv4", "ipv6", "trackerid",
    };

    public static TrackerUrlError Read(string? text, bool allowLookAlikeHosts, out TrackerUrl? url)
    {
        url = null;
        text = text?.Trim(' ');
        if (string.IsNullOrEmpty(text) || text.Length > Limits.TrackerUrlLength)
            return TrackerUrlError.Length;
        if (text.Any(char.IsControl))
            return TrackerUrlError.ControlCharacter;
        int colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon < 0 || !TryReadScheme(text[..colon], out TrackerScheme scheme))
            return TrackerUrlError.Scheme;
        string rest = text[(colon + 3)..];
        int pathStart = rest.AsSpan().IndexOfAny('/', '?', '#');
        string authority = pathStart < 0 ? rest : rest[..pathStart];
        string target = pathStart < 0 ? "" : rest[pathStart..];
        int at = authority.LastIndexOf('@');
        string? userInfo = at < 0 ? null : authority[..at];
        TrackerUrlError error = ReadHost(authority[(at + 1)..], scheme, allowLookAlikeHosts, out string host, out ushort port);
        if (error != TrackerUrlError.None)
            return error;
        if (userInfo is not null && !userInfo.All(c => c is > ' ' and < '\x7F' and not '@'))
            return TrackerUrlError.Host;
        url = new TrackerUrl { Scheme = scheme, Host = host, Port = port, PathAndQuery = CleanTarget(target, scheme), UserInfo = userInfo };
        // Escaping makes it longer.
        if (url.Text.Length <= Limits.TrackerUrlLength)
            return TrackerUrlError.None;
        url = null;
        return TrackerUrlError.Length;
    }

    public static bool SetsClientParameter(string pathAndQuery)
    {
        int mark = pathAndQuery.IndexOf('?');
        if (mark < 0)
            return false;
        foreach (string field in pathAndQuery[(mark + 1)..].Split('&', ';'))
        {
            int equals = field.IndexOf('=');
            string name = Uri.UnescapeDataString(equals < 0 ? field : field[..equals]);
            if (ClientParameters.Contains(name.Trim('+', ' ')))
                return true;
        }
        return false;
    }

    private static bool TryReadScheme(string text, out TrackerScheme scheme)
    {
        (bool known, scheme) = text.ToLowerInvariant() switch
        {
            "http" => (true, TrackerScheme.Http),
            "https" => (true, TrackerScheme.Https),
            "udp" => (true, TrackerScheme.Udp),
            _ => (false, default),
        };
        return known;
    }

    private static TrackerUrlError ReadHost(string authority, TrackerScheme scheme, bool allowLookAlikeHosts, out string host, out ushort port)
    {
        host = authority;
        port = TrackerUrl.DefaultPort(scheme);
        int bracket = authority.LastIndexOf(']');
        if (authority.StartsWith('[') && bracket < 0)
            return TrackerUrlError.Host;
        int colon = authority.IndexOf(':', bracket + 1);
        if (colon >= 0)
        {
            string digits = authority[(colon + 1)..];
            if (!ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out port))
                return TrackerUrlError.Port;
            host = authority[..colon];
        }
        if (port == 0)
            return TrackerUrlError.Port;
        if (host.StartsWith('['))
            return ReadBracketed(ref host);
        host = host.ToLowerInvariant();
        if (!IsHostName(host, out bool looksAlike))
            return TrackerUrlError.Host;
        if (!looksAlike)
            return TrackerUrlError.None;
        return allowLookAlikeHosts && TryMakeAscii(ref host) ? TrackerUrlError.None : TrackerUrlError.LookAlikeHost;
    }

    private static TrackerUrlError ReadBracketed(ref string host)
    {
        if (!host.EndsWith(']') || host.Contains('%') || !IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out IPAddress? address)
            || address.AddressFamily != AddressFamily.InterNetworkV6)
            return TrackerUrlError.Host;
        host = address.ToString();
        return TrackerUrlError.None;
    }

    /// <summary>Letters, digits, hyphens and underscores in labels of up to 63; a name whose last label is a number must be a dotted IPv4 address.</summary>
    private static bool IsHostName(string host, out bool looksAlike)
    {
        looksAlike = false;
        if (host.Length is 0 or > 253)
            return false;
        string[] labels = host.Split('.');
        // One dot at the end is the root of the name space.
        int count = labels.Length > 1 && labels[^1].Length == 0 ? labels.Length - 1 : labels.Length;
        for (int i = 0; i < count; i++)
        {
            string label = labels[i];
            if (label.Length is 0 or > 63 || !label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || (c > '\x7F' && char.IsLetterOrDigit(c))))
                return false;
            looksAlike |= label.StartsWith("xn--", StringComparison.Ordinal) || label.Any(c => c > '\x7F');
        }
        if (!labels[count - 1].All(char.IsAsciiDigit))
            return true;
        return count == 4 && labels.Length == 4 && IPAddress.TryParse(host, out IPAddress? address) && address.ToString() == host;
    }

    private static bool TryMakeAscii(ref string host)
    {
        try
        {
            host = new IdnMapping().GetAscii(host);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string CleanTarget(string target, TrackerScheme scheme)
    {
        int fragment = target.IndexOf('#');
        if (fragment >= 0)
            target = target[..fragment];
        if (!target.StartsWith('/') && (target.Length > 0 || scheme != TrackerScheme.Udp))
            target = "/" + target;
        var clean = new StringBuilder(target.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(target))
        {
            if (b is > (byte)' ' and < 0x7F and not ((byte)'"' or (byte)'<' or (byte)'>' or (byte)'\\' or (byte)'^' or (byte)'`' or (byte)'{' or (byte)'|' or (byte)'}'))
                clean.Append((char)b);
            else
                clean.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }
        return clean.ToString();
    }
}
