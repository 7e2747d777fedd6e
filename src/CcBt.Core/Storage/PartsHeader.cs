using System.Buffers.Binary;

namespace CcBt.Core.Storage;

/// <summary>
/// The fixed parts of a parts file. All numbers are little-endian.
/// <code>
/// header, 64 bytes: "CcBtPart" | version u32 | piece length u32 | piece count u32 | name of the torrent, 20 bytes | zeros | CRC32C u32
/// record: "PREC" | piece u32 | index of the record u32 | CRC32C u32 | the piece, of which only the bytes of unselected files are written
/// </code>
/// </summary>
internal static class PartsHeader
{
    public const int Length = 64;
    public const int RecordHeaderLength = 16;
    public const uint Version = 1;
    public const int FreePiece = -1;

    private static ReadOnlySpan<byte> Magic => "CcBtPart"u8;

    private static ReadOnlySpan<byte> RecordMagic => "PREC"u8;

    public static void Write(Span<byte> header, int pieceLength, int pieceCount, ReadOnlySpan<byte> name)
    {
        header = header[..Length];
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], pieceLength);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], pieceCount);
        name[..Math.Min(name.Length, InfoHash.Length)].CopyTo(header[20..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[^4..], Crc32C.Compute(header[..^4]));
    }

    public static void WriteRecord(Span<byte> header, int piece, int index)
    {
        RecordMagic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], piece);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], index);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], Crc32C.Compute(header[..12]));
    }

    /// <summary>Reads a record's header. False when it is damaged or belongs elsewhere; the record is then free.</summary>
    public static bool TryReadRecord(ReadOnlySpan<byte> header, int index, int pieceCount, out int piece)
    {
        piece = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        return header[..4].SequenceEqual(RecordMagic)
            && BinaryPrimitives.ReadInt32LittleEndian(header[8..]) == index
            && BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) == Crc32C.Compute(header[..12])
            && (uint)piece < (uint)pieceCount;
    }
}
