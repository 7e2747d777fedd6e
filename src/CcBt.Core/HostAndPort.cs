namespace CcBt.Core;

/// <summary>A host name or address with a port, as routers, <c>x.pe</c> (BEP 9) and <c>nodes</c> (BEP 5) name it.</summary>
public readonly record struct HostAndPort
{
    /// <summary>Creates the value.</summary>
    /// <param name="host">A host name or IP address; IPv6 addresses without brackets.</param>
    /// <param name="port">The port, from 1 to 65535.</param>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is out of range.</exception>
    public HostAndPort(string host, int port)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        Host = host;
        Port = port;
    }

    /// <summary>The host name or IP address; IPv6 addresses without brackets.</summary>
    public string Host { get; }

    /// <summary>The port, from 1 to 65535.</summary>
    public int Port { get; }

    /// <summary>Reads <c>host:port</c>, where an IPv6 address stands in brackets.</summary>
    /// <param name="text">The text to read.</param>
    /// <param name="value">The host and port, when the text is valid.</param>
    /// <returns>Whether the text is valid.</returns>
    public static bool TryParse(string? text, out HostAndPort value)
    {
        value = default;
        if (text is null || text.Length > 300)
            return false;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out ushort port) || port == 0)
            return false;
        string host = text[..colon];
        bool bracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (bracketed)
            host = host[1..^1];
        if (bracketed != host.Contains(':') || host.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '/' or '@' or '[' or ']'))
            return false;
        value = new HostAndPort(host, port);
        return true;
    }

    /// <summary>Returns <c>host:port</c>, with an IPv6 address in brackets.</summary>
    public override string ToString() => Host is null ? "" : Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
