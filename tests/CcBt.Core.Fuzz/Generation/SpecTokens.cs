using System.Text;

namespace CcBt.Core.Fuzz.Generation;

/// <summary>Words that the specifications give a meaning to.</summary>
internal static class SpecTokens
{
    private static readonly byte[][] s_bencode =
    [
        .. new[]
        {
            "info", "name", "name.utf-8", "piece length", "pieces", "length", "files", "path", "path.utf-8", "private", "meta version", "file tree",
            "pieces root", "piece layers", "attr", "symlink path", "sha1", "announce", "announce-list", "url-list", "httpseeds", "nodes", "nodes6", "creation date", "comment",
            "created by", "m", "ut_metadata", "ut_pex", "metadata_size", "v", "p", "reqq", "yourip", "ipv4", "ipv6", "upload_only", "msg_type", "piece", "total_size",
            "added", "added.f", "added6", "dropped", "dropped6", "interval", "min interval", "peers", "peers6", "complete", "incomplete", "tracker id", "failure reason",
            "warning message", "retry in", "never", "external ip", "ip", "port", "t", "y", "q", "r", "e", "a", "ro", "id", "target", "info_hash", "token", "values",
            "implied_port", "want", "n4", "n6", "ping", "find_node", "get_peers", "announce_peer", "", "hash v1", "hash v2", "have", "trackers", "web seeds", "peers6",
        }.Select(word => Encoding.ASCII.GetBytes($"{word.Length}:{word}")),
        .. new[] { "i0e", "i-1e", "i1e", "le", "de", "0:", "d0:de", "lle", "e", "l", "d", "i", "i-0e", "i00e", "ie", "i9223372036854775807e", "i9223372036854775808e", "99999999999999999999:" }
            .Select(Encoding.ASCII.GetBytes),
    ];

    private static readonly byte[][] s_text =
    [
        .. new[]
        {
            "magnet:?", "xt=urn:btih:", "xt=urn:btmh:1220", "&dn=", "&tr=", "&ws=", "&x.pe=", "&so=", "&tr.1=", "amp;", "%00", "%0d%0a", "%2F", "%25", "%", "%zz", "+", "#", "@", "?", "&", "=", ";",
            "http://", "https://", "udp://", "file:///", "[::1]", "[::ffff:127.0.0.1]", "127.0.0.1", "169.254.169.254", "localhost", ":0", ":65535", ":65536", ":80", "//", "/../", "\\",
            "/announce", "/scrape", "info_hash=", "peer_id=", "xn--", "..", ".", "\r\n", "\n", "\0", "BT-SEARCH * HTTP/1.1", "Infohash: ", "Port: ", "cookie: ", "Host: ",
            "0-999999", "1-", "-1", ",", "\u202E", "\u200B", "\uFEFF", "é", "日本", "CON", "nul.txt", "COM¹", " ", "/",
        }.Select(Encoding.UTF8.GetBytes),
        [0xC0, 0xAE], [0xE2, 0x80], [0xED, 0xA0, 0x80], [0xFF],
    ];

    public static IReadOnlyList<byte[]> Of(InputForm form) => form == InputForm.Text ? s_text : s_bencode;
}
