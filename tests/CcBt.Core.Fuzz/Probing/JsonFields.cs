using System.Text.Json;
using CcBt.Core.Addressing;

namespace CcBt.Core.Fuzz.Probing;

/// <summary>Fields of answers.</summary>
internal static class JsonFields
{
    public static Action<Utf8JsonWriter> Object(Action<Utf8JsonWriter> fields) => json =>
    {
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
    };

    public static void Hex(this Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes) => json.WriteString(name, Convert.ToHexStringLower(bytes));

    public static void Number(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    public static void Texts(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    public static void Addresses(this Utf8JsonWriter json, string name, IEnumerable<PeerAddress> values) => json.Texts(name, values.Select(value => value.ToString()));
}
