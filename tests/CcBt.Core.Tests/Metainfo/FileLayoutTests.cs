using CcBt.Core.Metainfo;

namespace CcBt.Core.Tests.Metainfo;

public sealed class FileLayoutTests
{
    [Fact]
    public void SlicesAgreeWithAMapOfEveryByte()
    {
        const int seed = 41;
        var random = new Random(seed);
        for (int round = 0; round < 60; round++)
        {
            int pieceLength = random.Next(1, 40);
            FileLayout layout = Random(random, pieceLength, out List<(int File, long Offset)> map, out int[] lengths);
            Assert.Equal(map.Count, layout.TotalLength);
            Assert.Equal(lengths.Sum(), layout.PayloadLength);
            for (int piece = 0; piece < layout.PieceCount; piece++)
            {
                int size = layout.PieceSize(piece);
                Assert.Equal(Math.Min(pieceLength, map.Count - piece * pieceLength), size);
                for (int begin = 0; begin <= size; begin++)
                {
                    int length = random.Next(size - begin + 1);
                    var expected = map.Skip(piece * pieceLength + begin).Take(length);
                    Assert.True(expected.SequenceEqual(Bytes(layout.Slices(piece, begin, length))), $"seed {seed}, round {round}, piece {piece}, begin {begin}, length {length}");
                }
            }
            for (int file = 0; file < lengths.Length; file++)
            {
                int[] pieces = [.. map.Select((b, i) => (b.File, Piece: i / pieceLength)).Where(x => x.File == file).Select(x => x.Piece).Distinct()];
                PieceRange range = layout.PiecesOf(file);
                Assert.Equal(pieces, Enumerable.Range(range.First, range.Count));
                Assert.All(pieces, p => Assert.True(range.Contains(p)));
                Assert.False(range.Contains(range.End));
            }
        }
    }

    [Fact]
    public void SlicesAreWholeRunsInOrder()
    {
        Torrent torrent = TorrentBytes.Multi(("a", 10_000, ""), ("empty", 0, ""), (".pad/1", 5_000, "p"), ("b", 40_000, ""));
        Assert.Equal(
            [new FileSlice(0, 9_000, 1_000), new FileSlice(FileSlice.Padding, 0, 5_000), new FileSlice(2, 0, 100)],
            All(torrent.Layout.Slices(0, 9_000, 6_100)));
        Assert.Equal([new FileSlice(2, 1_384, 16_384)], All(torrent.Layout.Slices(1)));
        Assert.Equal(default, torrent.Layout.PiecesOf(1));
        Assert.Equal(new PieceRange(0, 4), torrent.Layout.PiecesOf(2));
        Assert.Equal(3, torrent.Layout.FileCount);
    }

    [Fact]
    public void WalkingSlicesAllocatesNothing()
    {
        Torrent torrent = TorrentBytes.Multi(("a", 10_000, ""), ("b", 10, ""), ("c", 40_000, ""));
        long bytes = Walk(torrent.Layout);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bytes += Walk(torrent.Layout);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2 * 50_010, bytes);
    }

    [Fact]
    public void InVersion2TheLastPieceOfEachFileEndsWithIt()
    {
        var layout = new FileLayout(100, 3, [new FileExtent(0, 250, 0), new FileExtent(300, 100, 1), new FileExtent(400, 7, 2)], isAligned: true);
        Assert.Equal([100, 100, 50, 100, 7], Enumerable.Range(0, layout.PieceCount).Select(layout.PieceSize));
        Assert.Equal([new FileSlice(0, 200, 50)], All(layout.Slices(2)));
        Assert.Equal([new FileSlice(2, 0, 7)], All(layout.Slices(4)));
        Assert.Equal(new PieceRange(3, 1), layout.PiecesOf(1));
        Assert.Equal((407L, 357L), (layout.TotalLength, layout.PayloadLength));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Slices(2, 0, 51));
    }

    [Fact]
    public void OffsetsBeyond32BitsAreExact()
    {
        var layout = new FileLayout(512 * 1024 * 1024, 2, [new FileExtent(0, 1L << 40, 0), new FileExtent(1L << 40, 5, 1)], isAligned: false);
        Assert.Equal(2049, layout.PieceCount);
        Assert.Equal([new FileSlice(1, 0, 5)], All(layout.Slices(2048)));
        Assert.Equal([new FileSlice(0, (1L << 40) - 16_384, 16_384)], All(layout.Slices(2047, 512 * 1024 * 1024 - 16_384, 16_384)));
    }

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(4, 0, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 0, -1)]
    [InlineData(0, 0, 16_385)]
    [InlineData(0, 16_384, 1)]
    [InlineData(0, 1, int.MaxValue)]
    [InlineData(3, 848, 1)]
    public void WhatLiesOutsideIsRefused(int piece, int begin, int length)
        => Assert.Throws<ArgumentOutOfRangeException>(() => TorrentBytes.Multi(("a", 50_000, "")).Layout.Slices(piece, begin, length));

    [Fact]
    public void ThePieceBehindTheLastDoesNotExist()
    {
        FileLayout layout = TorrentBytes.Multi(("a", 50_000, "")).Layout;
        Assert.Equal(50_000 % TorrentBytes.PieceLength, layout.PieceSize(layout.PieceCount - 1));
        Assert.Throws<ArgumentOutOfRangeException>("piece", () => layout.PieceSize(layout.PieceCount));
        Assert.Throws<ArgumentOutOfRangeException>("piece", () => layout.PieceSize(-1));
    }

    [Fact]
    public void PaddingOfASingleByteMovesTheNextFile()
    {
        Torrent torrent = TorrentBytes.Multi(("a", 9, ""), (".pad/1", 1, "p"), ("b", 5, ""));
        Assert.Equal([new FileSlice(0, 0, 9), new FileSlice(FileSlice.Padding, 0, 1), new FileSlice(1, 0, 5)], All(torrent.Layout.Slices(0)));
        Assert.Equal((15L, 14L), (torrent.Layout.TotalLength, torrent.Layout.PayloadLength));
    }

    private static long Walk(FileLayout layout)
    {
        long bytes = 0;
        for (int piece = 0; piece < layout.PieceCount; piece++)
        {
            foreach (FileSlice slice in layout.Slices(piece))
                bytes += slice.Length;
        }
        return bytes;
    }

    private static List<FileSlice> All(FileSlices slices)
    {
        var all = new List<FileSlice>();
        foreach (FileSlice slice in slices)
            all.Add(slice);
        return all;
    }

    private static IEnumerable<(int File, long Offset)> Bytes(FileSlices slices)
        => All(slices).SelectMany(s => Enumerable.Range(0, s.Length).Select(i => (s.File, s.Offset + i)));

    private static FileLayout Random(Random random, int pieceLength, out List<(int File, long Offset)> map, out int[] lengths)
    {
        map = [];
        var extents = new List<FileExtent>();
        var sizes = new List<int>();
        for (int entry = random.Next(1, 12); entry > 0; entry--)
        {
            int length = random.Next(3) == 0 ? random.Next(3) : random.Next(60);
            int file = random.Next(4) == 0 ? FileSlice.Padding : sizes.Count;
            if (file >= 0)
                sizes.Add(length);
            if (length > 0)
                extents.Add(new FileExtent(map.Count, length, file));
            map.AddRange(Enumerable.Range(0, length).Select(i => (file, (long)i)));
        }
        lengths = [.. sizes];
        return new FileLayout(pieceLength, lengths.Length, [.. extents], isAligned: false);
    }
}
