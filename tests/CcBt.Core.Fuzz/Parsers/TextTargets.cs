using System.Text;
using CcBt.Core.Addressing;
using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>Short texts: hashes, addresses, hosts.</summary>
internal static class TextTargets
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Target<byte[]>("hex", random => Convert.ToHexString(random.Bytes(20)), TryHex, (text, bytes)
            => FuzzFailure.When(!Convert.ToHexString(bytes).Equals(text, StringComparison.OrdinalIgnoreCase), "Hexadecimal does not come back.")),
        Target<byte[]>("base32", random => ToBase32(random.Bytes(20)), TryBase32, (text, bytes)
            => FuzzFailure.When(ToBase32(bytes) != text.ToUpperInvariant() || !Ascii.IsValid(text), "Base32 does not come back.")),
        Target<InfoHash>("info-hash", random => random.Chance(50) ? random.Hash().ToString() : ToBase32(random.Bytes(20)), InfoHash.TryParse, VerifyHash),
        Target<InfoHashV2>("info-hash-v2", random => Convert.ToHexString(random.Bytes(32)), InfoHashV2.TryParse, (text, hash)
            => FuzzFailure.When(!hash.ToString().Equals(text, StringComparison.OrdinalIgnoreCase) || InfoHashV2.Parse(hash.ToString()) != hash, "The hash does not come back.")),
        Target<HostAndPort>("host-and-port", Host, HostAndPort.TryParse, VerifyHost),
        Target("peer-address", random => (random.Chance(50) ? random.V4() : random.V6()).ToString(), (string text, out PeerAddress address) => PeerAddress.TryParse(text, out address), VerifyAddress),
    ];

    private static ParserTarget<T> Target<T>(string name, Func<Random, string> generate, TryRead<T> read, Action<string, T> verify) => new(
        name,
        InputForm.Text,
        random => Encoding.UTF8.GetBytes(generate(random)),
        (byte[] input, out T value) => read(Encoding.UTF8.GetString(input), out value),
        (input, value, _) => verify(Encoding.UTF8.GetString(input), value));

    private static bool TryHex(string text, out byte[] bytes) => HashText.TryDecodeHex(text, bytes = new byte[text.Length / 2]);

    private static bool TryBase32(string text, out byte[] bytes) => HashText.TryDecodeBase32(text, bytes = new byte[text.Length * 5 / 8]);

    private static void VerifyHash(string text, InfoHash hash)
    {
        FuzzFailure.When(InfoHash.Parse(hash.ToString()) != hash, $"{hash} does not come back.");
        FuzzFailure.When(!Ascii.IsValid(text), "A character that is no ASCII was read.");
        FuzzFailure.When(text.Length == 40 && !hash.ToString().Equals(text, StringComparison.OrdinalIgnoreCase), $"{text} was read as {hash}.");
    }

    private static string Host(Random random) => random.Next(3) switch
    {
        0 => $"{random.Word()}.example:{random.Next(1, 65536)}",
        1 => random.V4().ToString(),
        _ => random.V6().ToString(),
    };

    private static void VerifyHost(string text, HostAndPort host)
    {
        FuzzFailure.When(!HostAndPort.TryParse(host.ToString(), out HostAndPort again) || again != host, $"'{host}' does not come back.");
        FuzzFailure.When(host.Host.Any(char.IsControl) || host.Port is < 1 or > 65535, $"'{host}' is no host and port.");
    }

    private static void VerifyAddress(string text, PeerAddress address)
    {
        FuzzFailure.When(!PeerAddress.TryParse(address.ToString(), out PeerAddress again) || again != address, $"'{address}' does not come back.");
        FuzzFailure.When(address.Port == 0, "A peer needs a port.");
    }

    private static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        int buffer = 0, bits = 0;
        foreach (byte b in bytes)
        {
            buffer = (buffer << 8 | b) & 0xFFFF;
            for (bits += 8; bits >= 5; bits -= 5)
                text.Append(Base32[buffer >> (bits - 5) & 31]);
        }
        return text.ToString();
    }

    private delegate bool TryRead<T>(string text, out T value);
}
