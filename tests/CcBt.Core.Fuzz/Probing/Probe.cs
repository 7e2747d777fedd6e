using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CcBt.Core.Fuzz.Probing;

/// <summary>The verb probe: a question a line, an answer a line, so that anybody can compare this library with another on the same bytes.</summary>
internal static class Probe
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static int Run(TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            if (line.AsSpan().Trim().IsEmpty)
                continue;
            output.WriteLine(Answer(line));
            output.Flush();
        }
        return 0;
    }

    /// <summary>Answers one line. Whatever is wrong with it becomes an answer too.</summary>
    public static string Answer(string line)
    {
        JsonElement id = default;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ProbeException("The line is no JSON object.");
            if (document.RootElement.TryGetProperty("id", out JsonElement given))
                id = given.Clone();
            var question = new ProbeQuestion(document.RootElement);
            Action<Utf8JsonWriter> value = ProbeKinds.Find(question.Kind)(question);
            return Write(id, true, json => WriteValue(json, value));
        }
        catch (Exception refusal) when (refusal is ProbeException or JsonException or TorrentFormatException or FormatException or ArgumentException or InvalidOperationException)
        {
            return Write(id, false, json => json.WriteString("error", refusal.Message));
        }
    }

    private static void WriteValue(Utf8JsonWriter json, Action<Utf8JsonWriter> value)
    {
        json.WritePropertyName("value");
        value(json);
    }

    private static string Write(JsonElement id, bool ok, Action<Utf8JsonWriter> rest)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_options))
        {
            json.WriteStartObject();
            json.WritePropertyName("id");
            if (id.ValueKind == JsonValueKind.Undefined)
                json.WriteNullValue();
            else
                id.WriteTo(json);
            json.WriteBoolean("ok", ok);
            rest(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
