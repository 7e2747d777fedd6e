using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CcBt.Core;

/// <summary>
/// The 20-byte name of a swarm: the SHA-1 of a version 1 info dictionary (BEP 3), or the first 20 bytes of the
/// SHA-256 of a version 2 one (BEP 52). The value is immutable and safe to use from any thread.
/// </summary>
public readonly struct InfoHash : IEquatable<InfoHash>
{
    /// <summary>The length of the hash in bytes.</summary>
    public const int Length = 20;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _third;

    /// <summary>Creates the hash from its 20 bytes.</summary>
    /// <param name="bytes">Exactly 20 bytes in network order.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 20 bytes long.</exception>
    public InfoHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"An info hash has {Length} bytes; {bytes.Length} were given.", nameof(bytes));
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Reads a hash written as 40 hexadecimal or 32 base32 characters.</summary>
    /// <param name="text">The text to read; upper and lower case are accepted.</param>
    /// <param name="value">The hash, when the text is valid.</param>
    /// <returns>Whether the text is a valid hash.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out InfoHash value)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bool valid = text?.Length switch
        {
            40 => HashText.TryDecodeHex(text, bytes),
            32 => HashText.TryDecodeBase32(text, bytes),
            _ => false,
        };
        value = valid ? new InfoHash(bytes) : default;
        return valid;
    }

    /// <summary>Reads a hash written as 40 hexadecimal or 32 base32 characters.</summary>
    /// <param name="text">The text to read; upper and lower case are accepted.</param>
    /// <returns>The hash.</returns>
    /// <exception cref="FormatException"><paramref name="text"/> is not a valid hash.</exception>
    public static InfoHash Parse(string text)
        => TryParse(text, out InfoHash value)
            ? value
            : throw new FormatException($"'{text}' is not an info hash: 40 hexadecimal or 32 base32 characters are needed.");

    /// <summary>Writes the 20 bytes in network order.</summary>
    /// <param name="destination">At least 20 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..20], _third);
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
    }

    /// <summary>Returns the 20 bytes in network order as a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(InfoHash other) => _first == other._first && _second == other._second && _third == other._third;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is InfoHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_first, _second, _third);

    /// <summary>Returns the hash as 40 lower-case hexadecimal characters.</summary>
    public override string ToString() => Convert.ToHexString(ToArray()).ToLowerInvariant();

    /// <summary>Tells whether two hashes are the same.</summary>
    public static bool operator ==(InfoHash left, InfoHash right) => left.Equals(right);

    /// <summary>Tells whether two hashes differ.</summary>
    public static bool operator !=(InfoHash left, InfoHash right) => !left.Equals(right);
}
