using System.Globalization;
using System.Net;

namespace CcBt.Core.Metainfo;

/// <summary>The <c>x.pe</c> addresses of a magnet link: <c>host:port</c>, <c>1.2.3.4:5</c> or <c>[::1]:5</c> (BEP 9).</summary>
internal static class MagnetPeer
{
    public static bool IsValid(string text) => TrySplit(text, out string host, out _) && Uri.CheckHostName(host) != UriHostNameType.Unknown;

    public static IReadOnlyList<IPEndPoint> EndPoints(IReadOnlyList<string> peers)
    {
        var result = new List<IPEndPoint>();
        foreach (string peer in peers)
        {
            if (TrySplit(peer, out string host, out int port) && IPAddress.TryParse(host, out IPAddress? address))
                result.Add(new IPEndPoint(address, port));
        }
        return result.AsReadOnly();
    }

    /// <summary>An IPv6 address must stand in brackets, else its end could be the port.</summary>
    private static bool TrySplit(string text, out string host, out int port)
    {
        host = "";
        port = 0;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
            return false;
        host = text[..colon];
        bool isBracketed = host[0] == '[' && host[^1] == ']';
        if (isBracketed)
            host = host[1..^1];
        return port is > 0 and <= ushort.MaxValue && host.Length > 0 && host.Contains(':') == isBracketed;
    }
}
