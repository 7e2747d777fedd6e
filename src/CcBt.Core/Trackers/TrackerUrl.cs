using System.Diagnostics.CodeAnalysis;
using CcBt.Core.Addressing;

namespace CcBt.Core.Trackers;

/// <summary>A tracker's address that has passed the rules for what a torrent may make us contact.</summary>
internal sealed record TrackerUrl
{
    private const string AnnouncePath = "/announce";
    private const string ScrapePath = "/scrape";

    public required TrackerScheme Scheme { get; init; }

    /// <summary>Lower case; an IPv6 literal is without brackets.</summary>
    public required string Host { get; init; }

    public required ushort Port { get; init; }

    /// <summary>Begins with a slash or is empty; ASCII without spaces and control characters.</summary>
    public required string PathAndQuery { get; init; }

    /// <summary>Name and password for basic authentication, still escaped; only for this origin.</summary>
    public string? UserInfo { get; init; }

    public bool IsHttp => Scheme != TrackerScheme.Udp;

    public string Path => PathAndQuery.IndexOf('?') is var mark and >= 0 ? PathAndQuery[..mark] : PathAndQuery;

    /// <summary>The host as it stands in a URL or a Host header, with the port where it is not the scheme's own.</summary>
    public string Authority
    {
        get
        {
            string host = Host.Contains(':') ? $"[{Host}]" : Host;
            return Port == DefaultPort(Scheme) ? host : $"{host}:{Port}";
        }
    }

    /// <summary>The whole URL, with what it may hold of a user's secrets.</summary>
    public string Text => $"{SchemeText}://{(UserInfo is null ? "" : UserInfo + "@")}{Authority}{PathAndQuery}";

    private string SchemeText => Scheme switch
    {
        TrackerScheme.Http => "http",
        TrackerScheme.Https => "https",
        _ => "udp",
    };

    /// <summary>Reads a URL from a torrent, a magnet link or the user.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TrackerUrl? url, out TrackerUrlError error, bool allowLookAlikeHosts = false)
    {
        error = TrackerUrlReader.Read(text, allowLookAlikeHosts, out TrackerUrl? read);
        if (read is not null && TrackerUrlReader.SetsClientParameter(read.PathAndQuery))
            error = TrackerUrlError.ClientParameter;
        url = error == TrackerUrlError.None ? read : null;
        return url is not null;
    }

    /// <summary>Reads where a tracker redirects to; it may repeat our parameters, since we sent them to it.</summary>
    public static bool TryParseRedirect(string? text, [NotNullWhen(true)] out TrackerUrl? url, bool allowLookAlikeHosts = false)
    {
        TrackerUrlReader.Read(text, allowLookAlikeHosts, out url);
        if (url is { IsHttp: false })
            url = null;
        return url is not null;
    }

    /// <summary>Whether credentials of one may be sent to the other.</summary>
    public bool HasSameOrigin(TrackerUrl other) => Scheme == other.Scheme && Port == other.Port && Host == other.Host;

    /// <summary>
    /// Whether the host's resolved address may be asked. Local services are reachable only as what they must be to harm
    /// nobody: trackers, whose path begins with /announce (or /scrape, which is made from it). A UDP tracker may be anywhere usable: it
    /// gets a fixed greeting of ours, and nothing from the URL before it has answered as a tracker does.
    /// </summary>
    public bool IsAllowedTarget(AddressClass address) => address switch
    {
        AddressClass.Unusable => false,
        AddressClass.Global => true,
        _ => !IsHttp || IsTrackerPath(Path),
    };

    /// <summary>The host and port only: fit for logs, since a path can carry a pass key.</summary>
    public override string ToString() => $"{SchemeText}://{Authority}";

    internal static ushort DefaultPort(TrackerScheme scheme) => scheme switch
    {
        TrackerScheme.Http => 80,
        TrackerScheme.Https => 443,
        _ => 0,
    };

    private static bool IsTrackerPath(string path)
    {
        if (!path.StartsWith(AnnouncePath, StringComparison.Ordinal) && !path.StartsWith(ScrapePath, StringComparison.Ordinal))
            return false;
        // "/announce/../admin" is another page to most servers, also with its dots or slashes escaped.
        string plain = Uri.UnescapeDataString(path).Replace('\\', '/');
        return !plain.Split('/').Any(segment => segment is "." or "..");
    }
}
