using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CcBt.Core;

/// <summary>
/// The SHA-256 of a version 2 info dictionary (BEP 52). In handshakes, announces and the DHT it appears cut to
/// 20 bytes, see <see cref="Truncated"/>. The value is immutable and safe to use from any thread.
/// </summary>
public readonly struct InfoHashV2 : IEquatable<InfoHashV2>
{
    /// <summary>The length of the hash in bytes.</summary>
    public const int Length = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <summary>Creates the hash from its 32 bytes.</summary>
    /// <param name="bytes">Exactly 32 bytes in network order.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 32 bytes long.</exception>
    public InfoHashV2(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"A version 2 info hash has {Length} bytes; {bytes.Length} were given.", nameof(bytes));
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The first 20 bytes: the name of the swarm in handshakes, announces and the DHT (BEP 52).</summary>
    public InfoHash Truncated => new(ToArray().AsSpan(0, InfoHash.Length));

    /// <summary>Reads a hash written as 64 hexadecimal characters.</summary>
    /// <param name="text">The text to read; upper and lower case are accepted.</param>
    /// <param name="value">The hash, when the text is valid.</param>
    /// <returns>Whether the text is a valid hash.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out InfoHashV2 value)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bool valid = text?.Length == 2 * Length && HashText.TryDecodeHex(text, bytes);
        value = valid ? new InfoHashV2(bytes) : default;
        return valid;
    }

    /// <summary>Reads a hash written as 64 hexadecimal characters.</summary>
    /// <param name="text">The text to read; upper and lower case are accepted.</param>
    /// <returns>The hash.</returns>
    /// <exception cref="FormatException"><paramref name="text"/> is not a valid hash.</exception>
    public static InfoHashV2 Parse(string text)
        => TryParse(text, out InfoHashV2 value)
            ? value
            : throw new FormatException($"'{text}' is not a version 2 info hash: 64 hexadecimal characters are needed.");

    /// <summary>Writes the 32 bytes in network order.</summary>
    /// <param name="destination">At least 32 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..32], _fourth);
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _third);
    }

    /// <summary>Returns the 32 bytes in network order as a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(InfoHashV2 other)
        => _first == other._first && _second == other._second && _third == other._third && _fourth == other._fourth;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is InfoHashV2 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_first, _second, _third, _fourth);

    /// <summary>Returns the hash as 64 lower-case hexadecimal characters.</summary>
    public override string ToString() => Convert.ToHexString(ToArray()).ToLowerInvariant();

    /// <summary>Tells whether two hashes are the same.</summary>
    public static bool operator ==(InfoHashV2 left, InfoHashV2 right) => left.Equals(right);

    /// <summary>Tells whether two hashes differ.</summary>
    public static bool operator !=(InfoHashV2 left, InfoHashV2 right) => !left.Equals(right);
}
