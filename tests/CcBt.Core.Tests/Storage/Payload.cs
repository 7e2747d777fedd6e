using System.Security.Cryptography;
using CcBt.Core.Metainfo;
using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

/// <summary>A small torrent's content, layout and hashes, made from a seed.</summary>
internal sealed class Payload
{
    public Payload(int pieceLength, params (string Path, int Length)[] entries)
    {
        var extents = new List<FileExtent>();
        var files = new List<StoredFile>();
        long offset = 0;
        foreach ((string path, int length) in entries)
        {
            bool isPadding = path.Length == 0;
            if (length > 0)
                extents.Add(new FileExtent(offset, length, isPadding ? FileSlice.Padding : files.Count));
            if (!isPadding)
                files.Add(new StoredFile(path, length));
            offset += length;
        }
        Files = files;
        Layout = new FileLayout(pieceLength, files.Count, [.. extents], isAligned: false);
        Bytes = new byte[offset];
        new Random(pieceLength).NextBytes(Bytes);
        foreach (FileExtent extent in extents.Where(e => e.File < 0))
            Bytes.AsSpan((int)extent.Offset, (int)extent.Length).Clear();
        Verifier = Hash();
    }

    public List<StoredFile> Files { get; }

    public FileLayout Layout { get; }

    public byte[] Bytes { get; }

    public IPieceVerifier Verifier { get; private set; }

    public string Name { get; } = "0123456789abcdef0123456789abcdef01234567";

    /// <summary>Three files over pieces of 32 KiB: borders inside pieces, an empty file, directories.</summary>
    public static Payload Small() => new(32 * 1024, ("t/a.bin", 50_000), ("t/empty", 0), ("t/d/b.bin", 70_000), ("t/c.bin", 33_333));

    public ReadOnlySpan<byte> Piece(int piece) => Bytes.AsSpan((int)Layout.PieceOffset(piece), Layout.PieceSize(piece));

    public ReadOnlySpan<byte> File(int file)
    {
        foreach (FileExtent extent in Layout.Extents)
        {
            if (extent.File == file)
                return Bytes.AsSpan((int)extent.Offset, (int)extent.Length);
        }
        return default;
    }

    /// <summary>Makes a run of the content zero and hashes everything anew.</summary>
    public void Zero(int offset, int length)
    {
        Bytes.AsSpan(offset, length).Clear();
        Verifier = Hash();
    }

    private Sha1PieceVerifier Hash()
    {
        var hashes = new byte[Layout.PieceCount * SHA1.HashSizeInBytes];
        for (int i = 0; i < Layout.PieceCount; i++)
            SHA1.HashData(Piece(i), hashes.AsSpan(i * SHA1.HashSizeInBytes));
        return new Sha1PieceVerifier(hashes);
    }
}
