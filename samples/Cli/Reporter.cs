using System.Buffers;
using System.Diagnostics;
using System.Text.Json;

namespace CcBt.Cli;

/// <summary>Writes what happens: one JSON object a line, or a sentence a line for people.</summary>
internal sealed class Reporter(bool isJson)
{
    // The process ran before this program's first line did; its own start is the zero that scripts measure from.
    private static readonly TimeSpan BeforeMain = TimeProvider.System.GetLocalNow().DateTime - Process.GetCurrentProcess().StartTime;
    private static readonly long Main = Stopwatch.GetTimestamp();

    private readonly Lock _gate = new();

    public bool IsJson => isJson;

    /// <summary>Writes an event; people see <paramref name="text"/>, or nothing when it is null.</summary>
    public void Report(string name, string? text, Action<Utf8JsonWriter>? fields = null)
    {
        if (!isJson)
        {
            if (text is not null)
                Line(text);
            return;
        }
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("event", name);
            json.WriteNumber("t", Math.Round((BeforeMain + Stopwatch.GetElapsedTime(Main)).TotalSeconds, 4));
            fields?.Invoke(json);
            json.WriteEndObject();
        }
        Line(System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private void Line(string text)
    {
        lock (_gate)
        {
            Console.Out.WriteLine(text);
            Console.Out.Flush();
        }
    }
}
