using System.Buffers.Binary;

namespace CcBt.Core.Storage;

/// <summary>
/// The frame around the payload of a state file. Numbers are little-endian; the checksum covers all that is before and behind it.
/// <code>
/// "CcBtStat" | version u32 | payload length u32 | CRC32C u32 | payload
/// </code>
/// </summary>
internal static class StateEnvelope
{
    public const int HeaderLength = 20;
    public const uint Version = 1;
    private const int ChecksumOffset = 16;

    private static ReadOnlySpan<byte> Magic => "CcBtStat"u8;

    public static void WriteHeader(Span<byte> header, ReadOnlySpan<byte> payload, uint version = Version)
    {
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], version);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumOffset..], Crc32C.Compute(header[..ChecksumOffset], payload));
    }

    public static StateFault TryRead(ReadOnlyMemory<byte> file, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < HeaderLength || !bytes.StartsWith(Magic))
            return StateFault.Damaged;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != (uint)(bytes.Length - HeaderLength)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) != Crc32C.Compute(bytes[..ChecksumOffset], bytes[HeaderLength..]))
            return StateFault.Damaged;
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != Version)
            return version > Version ? StateFault.NewerVersion : StateFault.Damaged;
        payload = file[HeaderLength..];
        return StateFault.None;
    }
}
