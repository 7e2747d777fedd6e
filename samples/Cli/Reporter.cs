using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary>Writes what happens: one JSON object a line, or a sentence a line for people.</summary>
internal sealed class Reporter(bool isJson)
{
    // The console may have another encoding; JSON is UTF-8, and no browser reads it.
    private static readonly Stream Output = Console.OpenStandardOutput();
    private readonly Lock _gate = new();

    public static JsonWriterOptions JsonOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool IsJson => isJson;

    /// <summary>Writes what a torrent or magnet link says as one JSON object.</summary>
    public static void WriteTorrent(Torrent? torrent, MagnetLink? magnet)
    {
        using Stream stdout = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(stdout, JsonOptions))
            TorrentJson.Write(json, torrent, magnet);
        stdout.WriteByte((byte)'\n');
    }

    /// <summary>Writes an event; people see <paramref name="text"/>, or nothing when it is null.</summary>
    public void Report(string name, string? text, Action<Utf8JsonWriter>? fields = null)
    {
        if (!isJson)
        {
            lock (_gate)
            {
                if (text is not null)
                    Console.Out.WriteLine(text);
            }
            return;
        }
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("event", name);
            json.WriteNumber("t", Math.Round(ProcessClock.Elapsed.TotalSeconds, 4));
            fields?.Invoke(json);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        lock (_gate)
            Output.Write(buffer.WrittenSpan);
    }
}
