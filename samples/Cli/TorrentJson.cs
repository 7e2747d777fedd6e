using System.Text.Json;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary>The object that <c>ccbt show --json</c> writes. Of a magnet link only what it says is there; the rest is null.</summary>
internal static class TorrentJson
{
    public static void Write(Utf8JsonWriter json, Torrent? torrent, MagnetLink? magnet)
    {
        json.WriteStartObject();
        json.WriteString("name", torrent?.Name ?? magnet?.Name);
        json.WriteString("infoHashV1", (torrent?.InfoHashV1 ?? magnet?.InfoHashV1)?.ToString());
        json.WriteString("infoHashV2", (torrent?.InfoHashV2 ?? magnet?.InfoHashV2)?.ToString());
        WriteNumber(json, "pieceLength", torrent?.PieceLength);
        WriteNumber(json, "pieceCount", torrent?.PieceCount);
        WriteNumber(json, "totalSize", torrent?.TotalSize);
        WriteFiles(json, torrent);
        WriteTrackers(json, torrent?.Trackers ?? [.. magnet!.Trackers.Select(t => (IReadOnlyList<string>)[t])]);
        WriteStrings(json, "webSeeds", torrent?.WebSeeds ?? magnet!.WebSeeds);
        if (torrent is null)
            json.WriteNull("private");
        else
            json.WriteBoolean("private", torrent.IsPrivate);
        json.WriteString("comment", torrent?.Comment);
        json.WriteString("createdBy", torrent?.CreatedBy);
        json.WriteString("creationDate", torrent?.CreationDate?.ToString("O"));
        WriteStrings(json, "nodes", torrent?.Nodes.Select(n => n.ToString()) ?? []);
        WriteStrings(json, "peers", magnet?.Peers.Select(p => p.ToString()) ?? []);
        json.WriteString("magnet", (magnet ?? torrent!.ToMagnetLink()).ToString());
        json.WriteEndObject();
    }

    private static void WriteFiles(Utf8JsonWriter json, Torrent? torrent)
    {
        json.WriteStartArray("files");
        foreach (TorrentFile file in torrent?.Files ?? [])
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteNumber("length", file.Length);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteTrackers(Utf8JsonWriter json, IReadOnlyList<IReadOnlyList<string>> tiers)
    {
        json.WriteStartArray("trackers");
        foreach (IReadOnlyList<string> tier in tiers)
        {
            json.WriteStartArray();
            foreach (string tracker in tier)
                json.WriteStringValue(tracker);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
