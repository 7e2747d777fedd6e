using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>Writes .torrent files around an info dictionary whose bytes stay as they are, so that its hash stays too.</summary>
internal static class TorrentWriter
{
    public static byte[] Write(ReadOnlySpan<byte> info, TorrentDetails details)
    {
        var writer = new BWriter(info.Length + 1024);
        writer.BeginDictionary();
        WriteTrackers(writer, details.Trackers);
        if (details.Comment is { } comment)
            writer.Key("comment"u8).Text(comment);
        if (details.CreatedBy is { } createdBy)
            writer.Key("created by"u8).Text(createdBy);
        if (details.CreationDate is { } date)
            writer.Key("creation date"u8).Integer(date.ToUnixTimeSeconds());
        writer.Key("info"u8).Encoded(info);
        WriteNodes(writer, details.Nodes);
        WriteWebSeeds(writer, details.WebSeeds);
        return writer.End().ToArray();
    }

    private static void WriteTrackers(BWriter writer, IReadOnlyList<IReadOnlyList<string>> tiers)
    {
        if (tiers.Count == 0)
            return;
        writer.Key("announce"u8).Text(tiers[0][0]);
        if (tiers.Count == 1 && tiers[0].Count == 1)
            return;
        writer.Key("announce-list"u8).BeginList();
        foreach (IReadOnlyList<string> tier in tiers)
        {
            writer.BeginList();
            foreach (string url in tier)
                writer.Text(url);
            writer.End();
        }
        writer.End();
    }

    private static void WriteNodes(BWriter writer, IReadOnlyList<HostAndPort> nodes)
    {
        if (nodes.Count == 0)
            return;
        writer.Key("nodes"u8).BeginList();
        foreach (HostAndPort node in nodes)
            writer.BeginList().Text(node.Host).Integer(node.Port).End();
        writer.End();
    }

    private static void WriteWebSeeds(BWriter writer, IReadOnlyList<string> urls)
    {
        if (urls.Count == 0)
            return;
        writer.Key("url-list"u8).BeginList();
        foreach (string url in urls)
            writer.Text(url);
        writer.End();
    }
}
