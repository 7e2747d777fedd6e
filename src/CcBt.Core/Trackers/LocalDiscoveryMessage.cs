using System.Globalization;
using System.Text;

namespace CcBt.Core.Trackers;

/// <summary>
/// A datagram of local service discovery (BEP 14):
/// <code>
/// BT-SEARCH * HTTP/1.1 | Host: group | Port: n | Infohash: 40 hex digits, once or more | cookie: text | empty line, twice
/// </code>
/// </summary>
internal sealed record LocalDiscoveryMessage(ushort Port, IReadOnlyList<InfoHash> Hashes, string? Cookie)
{
    public const string Group4 = "239.192.152.143";
    public const string Group6 = "ff15::efc0:988f";
    public const ushort GroupPort = 6771;

    private const string RequestLine = "BT-SEARCH * HTTP/1.1";
    private const int HashLineLength = 52;
    private const int MostCookieLength = 64;

    /// <summary>How many hashes fit one datagram, with room for the longest headers of ours.</summary>
    public static int HashesPerDatagram => (Limits.LocalDiscoveryBytes - 200) / HashLineLength;

    /// <summary>One datagram for up to <see cref="HashesPerDatagram"/> hashes.</summary>
    public static byte[] Build(ReadOnlySpan<InfoHash> hashes, ushort port, string cookie, bool isV6)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hashes.Length, HashesPerDatagram);
        var text = new StringBuilder(200 + HashLineLength * hashes.Length);
        text.Append(RequestLine).Append("\r\nHost: ").Append(isV6 ? $"[{Group6}]" : Group4).Append(':').Append(GroupPort);
        text.Append("\r\nPort: ").Append(port).Append("\r\n");
        foreach (InfoHash hash in hashes)
            text.Append("Infohash: ").Append(hash.ToString()).Append("\r\n");
        text.Append("cookie: ").Append(cookie).Append("\r\n\r\n\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Headers may come in any order and case; those that are not known are passed over, as are hashes that are none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out LocalDiscoveryMessage message)
    {
        message = new LocalDiscoveryMessage(0, [], null);
        if (datagram.Length > Limits.LocalDiscoveryBytes)
            return false;
        string[] lines = Encoding.ASCII.GetString(datagram).Split('\n');
        if (lines[0].TrimEnd('\r') != RequestLine)
            return false;
        var hashes = new List<InfoHash>();
        ushort port = 0;
        string? cookie = null;
        foreach (string line in lines.Skip(1).TakeWhile(line => line.TrimEnd('\r').Length > 0))
        {
            int colon = line.IndexOf(':');
            string name = colon < 0 ? "" : line[..colon].Trim().ToLowerInvariant(), value = line[(colon + 1)..].Trim();
            if (name == "port" && !ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out port))
                return false;
            if (name == "infohash" && value.Length == 40 && InfoHash.TryParse(value, out InfoHash hash))
                hashes.Add(hash);
            if (name == "cookie" && value.Length <= MostCookieLength)
                cookie = value;
        }
        message = new LocalDiscoveryMessage(port, hashes, cookie);
        return port != 0 && hashes.Count > 0;
    }
}
