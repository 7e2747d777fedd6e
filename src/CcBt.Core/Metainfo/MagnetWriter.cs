using System.Text;

namespace CcBt.Core.Metainfo;

/// <summary>Writes magnet links with their parameters in a fixed order, so that equal links read the same.</summary>
internal static class MagnetWriter
{
    public static string Write(MagnetFields link)
    {
        var text = new StringBuilder("magnet:?");
        if (link.InfoHashV1 is { } v1)
            text.Append("xt=urn:btih:").Append(v1);
        if (link.InfoHashV2 is { } v2)
            text.Append(link.InfoHashV1 is null ? "" : "&").Append("xt=urn:btmh:1220").Append(v2);
        if (link.Name is { } name)
            Append(text, "dn", name);
        foreach (string tracker in link.Trackers)
            Append(text, "tr", tracker);
        foreach (string webSeed in link.WebSeeds)
            Append(text, "ws", webSeed);
        foreach (HostAndPort peer in link.Peers)
            text.Append("&x.pe=").Append(Escape(peer));
        if (link.SelectedFiles.Count > 0)
            text.Append("&so=").Append(FileSelection.Write(link.SelectedFiles));
        return text.ToString();
    }

    private static void Append(StringBuilder text, string key, string value)
        => text.Append('&').Append(key).Append('=').Append(Uri.EscapeDataString(value));

    // A host may hold what ends a parameter; the signs of addresses stay readable.
    private static string Escape(HostAndPort peer) => Uri.EscapeDataString(peer.ToString()).Replace("%3A", ":").Replace("%5B", "[").Replace("%5D", "]");
}
