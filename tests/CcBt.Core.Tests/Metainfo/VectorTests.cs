using CcBt.Core.Metainfo;
using CcBt.Core.Tests.BEncoding;

namespace CcBt.Core.Tests.Metainfo;

public sealed class VectorTests
{
    [Theory]
    [InlineData("album-v1", "b7f1eb402f1e895f020b3c43d4de28cfb967441c", null, 3)]
    [InlineData("album-v2", null, "f07ea2348a8e7098ec385f9812da283d30649bd05627804943381e80bf2314fe", 5)]
    [InlineData("album-hybrid", "5aa16453acf1e7966cead1af6c8196f23120abf2", "45fabdc4d82872403da74aa2e6231572937e92539e0259d86e00823ac4e1b9ce", 5)]
    [InlineData("single-v1", "ccecd2b1171c6fff7e9deab7a717465d45d82624", null, 10)]
    [InlineData("single-v2", null, "4cf360ea585b823e06abbfd1c7a6c38d4b17ebd2686b4929665a1aafa5fef026", 10)]
    [InlineData("single-hybrid", "b4122d14701c15de70ed4b8c91d0360c280af642", "238da250a75c55faa87e30dd811a2c66427c87db98440fa746845d5b3393ee93", 10)]
    public void HashesAndPiecesAreThoseOfLibtorrent(string name, string? v1, string? v2, int pieces)
    {
        Torrent torrent = Torrent.Parse(Vectors.Read(name));
        Assert.Equal(v1, torrent.InfoHashV1?.ToString());
        Assert.Equal(v2, torrent.InfoHashV2?.ToString());
        Assert.Equal(v1 ?? v2![..40], torrent.SwarmHash.ToString());
        Assert.Equal(pieces, torrent.PieceCount);
        Assert.Equal([["http://tracker.example/announce"]], torrent.Trackers);
        Assert.Equal(name.StartsWith("album", StringComparison.Ordinal) ? 86_389 : 150_001, torrent.TotalSize);
        Assert.Equal((v1, v2), (torrent.ToMagnetLink().InfoHashV1?.ToString(), torrent.ToMagnetLink().InfoHashV2?.ToString()));
    }

    [Theory]
    [InlineData("album-v1", "album/empty.txt 0 0|album/disc 1/two.bin 0 16384|album/disc 1/one.bin 16384 70000|album/notes.txt 86384 5")]
    [InlineData("album-v2", "album/disc 1/one.bin 0 70000|album/disc 1/two.bin 98304 16384|album/empty.txt 114688 0|album/notes.txt 131072 5")]
    [InlineData("album-hybrid", "album/disc 1/one.bin 0 70000|album/disc 1/two.bin 98304 16384|album/empty.txt 131072 0|album/notes.txt 131072 5")]
    [InlineData("single-v1", "single.bin 0 150001")]
    [InlineData("single-v2", "single.bin 0 150001")]
    [InlineData("single-hybrid", "single.bin 0 150001")]
    public void FilesAreThoseOfLibtorrent(string name, string files)
    {
        Torrent torrent = Torrent.Parse(Vectors.Read(name));
        Assert.Equal(files, string.Join('|', torrent.Files.Select(f => $"{f.Path} {f.Offset} {f.Length}")));
        Assert.All(torrent.Files, f => Assert.Equal(torrent.InfoHashV2 is not null && f.Length > 0, f.PiecesRoot is not null));
    }

    [Theory]
    [InlineData("album-v1")]
    [InlineData("album-v2")]
    [InlineData("album-hybrid")]
    [InlineData("single-v1")]
    [InlineData("single-v2")]
    [InlineData("single-hybrid")]
    public void EveryPieceVerifiesAndAChangedOneDoesNot(string name)
    {
        Torrent torrent = Torrent.Parse(Vectors.Read(name));
        IPieceVerifier verifier = torrent.CreateVerifier();
        byte[][] contents = [.. torrent.Files.Select(f => Vectors.Content(f.Path))];
        for (int piece = 0; piece < torrent.PieceCount; piece++)
        {
            byte[] bytes = Piece(torrent.Layout, piece, contents);
            Assert.True(verifier.Verify(piece, bytes), $"piece {piece}");
            Assert.True(VerifyInRuns(verifier, piece, bytes, 1000), $"piece {piece} in runs");
            Assert.True(VerifyInRuns(verifier, piece, bytes, 16_384), $"piece {piece} in blocks");
            bytes[^1] ^= 1;
            Assert.False(verifier.Verify(piece, bytes));
            Assert.False(VerifyInRuns(verifier, piece, bytes, 999));
        }
    }

    [Fact]
    public void MetadataOfVersion2HasNoPieceLayers()
    {
        Torrent torrent = Torrent.Parse(Vectors.Read("single-v2"));
        Assert.Equal(10 * 32, torrent.PieceLayers!.Of(0).Length);
        Assert.True(Torrent.TryFromInfo(torrent.RawInfo, [], [], out Torrent? fromPeers, out _));
        Assert.Equal(torrent.InfoHashV2, fromPeers.InfoHashV2);
        Assert.Null(fromPeers.PieceLayers);
        Assert.Throws<InvalidOperationException>(() => fromPeers.CreateVerifier());
    }

    [Theory]
    [InlineData("album-hybrid")]
    [InlineData("single-hybrid")]
    public void MetadataOfAHybridCanBeWrittenAndReadAgain(string name)
    {
        Assert.True(Torrent.TryFromInfo(Torrent.Parse(Vectors.Read(name)).RawInfo, [], [], out Torrent? fromPeers, out _));
        Torrent again = Torrent.Parse(fromPeers.ToBytes());
        Assert.Equal((fromPeers.InfoHashV1, fromPeers.InfoHashV2), (again.InfoHashV1, again.InfoHashV2));
        Assert.Null(again.PieceLayers);
        Assert.True(again.CreateVerifier() is Sha1PieceVerifier);
    }

    [Fact]
    public void MetadataOfVersion2WithoutLongFilesNeedsNoPieceLayers()
    {
        const string info = "d9:file treed1:ad0:d6:lengthi5e11:pieces root32:";
        byte[] root = System.Security.Cryptography.SHA256.HashData("hello"u8);
        byte[] data = [.. Bencode.Bytes(info), .. root, .. "eee12:meta versioni2e4:name1:a12:piece lengthi16384ee"u8];
        Assert.True(Torrent.TryFromInfo(data, [], [], out Torrent? fromPeers, out TorrentFormatException? error), error?.Message);
        Assert.True(fromPeers.CreateVerifier().Verify(0, "hello"u8));
        Assert.True(Torrent.Parse(fromPeers.ToBytes()).CreateVerifier().Verify(0, "hello"u8));
    }

    internal static bool VerifyInRuns(IPieceVerifier verifier, int piece, byte[] bytes, int run)
    {
        using IPieceCheck check = verifier.Begin(piece);
        for (int at = 0; at < bytes.Length; at += run)
            check.Append(bytes.AsSpan(at, Math.Min(run, bytes.Length - at)));
        return check.Finish();
    }

    private static byte[] Piece(FileLayout layout, int piece, byte[][] contents)
    {
        var bytes = new List<byte>();
        foreach (FileSlice slice in layout.Slices(piece))
            bytes.AddRange(slice.IsPadding ? new byte[slice.Length] : contents[slice.File][(int)slice.Offset..((int)slice.Offset + slice.Length)]);
        Assert.Equal(layout.PieceSize(piece), bytes.Count);
        return [.. bytes];
    }
}
