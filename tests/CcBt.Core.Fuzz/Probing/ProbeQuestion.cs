using System.Text;
using System.Text.Json;
using CcBt.Core.Addressing;

namespace CcBt.Core.Fuzz.Probing;

/// <summary>The fields of one line.</summary>
internal sealed class ProbeQuestion(JsonElement root)
{
    public string Kind => Text("kind");

    /// <summary>The bytes in <c>hex</c>, or those of <c>text</c> in UTF-8.</summary>
    public byte[] Input => Has("hex") ? Hex("hex") : Has("text") ? Encoding.UTF8.GetBytes(Text("text")) : throw new ProbeException("'hex' or 'text' is missing.");

    public bool Has(string name) => root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public string Text(string name) => Field(name, JsonValueKind.String).GetString()!;

    public string Text(string name, string otherwise) => Has(name) ? Text(name) : otherwise;

    public byte[] Hex(string name)
    {
        try
        {
            return Convert.FromHexString(Text(name));
        }
        catch (FormatException wrong)
        {
            throw new ProbeException($"'{name}' is not hexadecimal: {wrong.Message}");
        }
    }

    public int Number(string name, int least, int most, int? otherwise = null)
    {
        if (!Has(name) && otherwise is { } number)
            return number;
        return Field(name, JsonValueKind.Number).TryGetInt32(out int given) && given >= least && given <= most
            ? given
            : throw new ProbeException($"'{name}' must be from {least} to {most}.");
    }

    public bool Flag(string name) => Has(name) && root.GetProperty(name).ValueKind == JsonValueKind.True;

    public InfoHash InfoHash() => Core.InfoHash.TryParse(Text("infoHash"), out InfoHash hash) ? hash : throw new ProbeException("'infoHash' must be 40 hexadecimal or 32 base32 characters.");

    /// <summary>An address, with or without a port.</summary>
    public PeerAddress Address(string name)
    {
        string text = Text(name);
        if (PeerAddress.TryParse(text, out PeerAddress address))
            return address;
        return System.Net.IPAddress.TryParse(text, out System.Net.IPAddress? bare)
            ? PeerAddress.From(new System.Net.IPEndPoint(bare, 0))
            : throw new ProbeException($"'{name}' must be an address, with or without a port.");
    }

    /// <summary>Paths, each a list of elements.</summary>
    public List<List<string>> Paths(string name)
    {
        var paths = new List<List<string>>();
        foreach (JsonElement path in Field(name, JsonValueKind.Array).EnumerateArray())
        {
            if (path.ValueKind != JsonValueKind.Array || path.GetArrayLength() == 0 || path.EnumerateArray().Any(element => element.ValueKind != JsonValueKind.String))
                throw new ProbeException($"'{name}' must be a list of lists of names.");
            paths.Add([.. path.EnumerateArray().Select(element => element.GetString()!)]);
        }
        return paths;
    }

    private JsonElement Field(string name, JsonValueKind kind)
        => root.TryGetProperty(name, out JsonElement value) && value.ValueKind == kind ? value : throw new ProbeException($"'{name}' is missing, or is no {kind.ToString().ToLowerInvariant()}.");
}
