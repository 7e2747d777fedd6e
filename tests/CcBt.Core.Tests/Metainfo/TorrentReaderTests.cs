using System.Security.Cryptography;
using System.Text;
using CcBt.Core.Metainfo;

namespace CcBt.Core.Tests.Metainfo;

public sealed class TorrentReaderTests
{
    [Fact]
    public void ReadsASingleFile()
    {
        byte[] info = TorrentBytes.SingleInfo("movie.mkv", 40_000);
        Torrent torrent = Torrent.Parse(TorrentBytes.Around(info));
        Assert.Equal("movie.mkv", torrent.Name);
        Assert.Equal(new InfoHash(SHA1.HashData(info)), torrent.InfoHashV1);
        Assert.Null(torrent.InfoHashV2);
        Assert.Equal(torrent.InfoHashV1, torrent.SwarmHash);
        Assert.Equal(3, torrent.PieceCount);
        Assert.Equal(40_000, torrent.TotalSize);
        Assert.Equal(40_000 - 2 * 16_384, torrent.Layout.PieceSize(2));
        TorrentFile file = Assert.Single(torrent.Files);
        Assert.Equal(("movie.mkv", 40_000L, 0L), (file.Path, file.Length, file.Offset));
        Assert.Equal(info, torrent.RawInfo.ToArray());
        Assert.False(torrent.IsPrivate);
    }

    [Fact]
    public void ReadsSeveralFilesWithoutPaddingAndLinks()
    {
        Torrent torrent = TorrentBytes.Multi(
            ("a.txt", 100, ""), (".pad/16284", 16_284, "p"), ("dir/b.txt", 20_000, "x"), ("link", 0, "l"), ("dir/empty", 0, "h"));
        Assert.Equal(["root/a.txt", "root/dir/b.txt", "root/dir/empty"], torrent.Files.Select(f => f.Path));
        Assert.Equal([0L, 16_384L, 36_384L], torrent.Files.Select(f => f.Offset));
        Assert.Equal([false, true, false], torrent.Files.Select(f => f.IsExecutable));
        Assert.Equal([0, 2, 4], torrent.Files.Select(f => f.MetainfoIndex));
        Assert.Equal(20_100, torrent.TotalSize);
        Assert.Equal(3, torrent.PieceCount);
    }

    [Fact]
    public void NamesInUtf8ArePreferredAndNamesAreSanitized()
    {
        Torrent torrent = Parse("d5:filesld6:lengthi40000e4:pathl2:..1:ae10:path.utf-8l3:dir3:x:yeee4:name1:o10:name.utf-84:CON." + Rest);
        Assert.Equal("_CON", torrent.Name);
        Assert.Equal("_CON/dir/x_y", torrent.Files[0].Path);
        Assert.Equal("n", Parse("d6:lengthi40000e4:name1:n10:name.utf-80:" + Rest).Name);
    }

    [Fact]
    public void EmptyElementsOfAPathStandForNothing()
        => Assert.Equal("n/a/b", Parse("d5:filesld6:lengthi40000e4:pathl0:1:a0:1:b0:eee4:name1:n" + Rest).Files[0].Path);

    [Fact]
    public void PrivateIsTheNumberOne()
    {
        Assert.True(Torrent.Parse(TorrentBytes.Around(TorrentBytes.SingleInfo(isPrivate: true))).IsPrivate);
        Assert.False(Parse("d6:lengthi40000e4:name1:n" + Rest[..^1] + "7:privatei0ee").IsPrivate);
        Assert.False(Parse("d6:lengthi40000e4:name1:n" + Rest[..^1] + "7:private1:1e").IsPrivate);
    }

    [Fact]
    public void UnsortedVersion1DictionariesKeepTheirHash()
    {
        string info = "d4:name1:n6:lengthi40000e" + Rest;
        Torrent torrent = Parse(info);
        Assert.Equal(new InfoHash(SHA1.HashData(Encoding.Latin1.GetBytes(info))), torrent.InfoHashV1);
        Assert.Equal("hhhhhhhhhhhhhhhhhhhh", Encoding.Latin1.GetString(torrent.PieceHash(2)));
    }

    [Fact]
    public void VersionOneNeedsNoPowerOfTwoAndTakesSmallPieces()
    {
        Assert.Equal(50_000, Torrent.Parse(TorrentBytes.Around(TorrentBytes.SingleInfo(length: 120_000, pieceLength: 50_000))).PieceLength);
        Assert.Equal(118, Torrent.Parse(TorrentBytes.Around(TorrentBytes.SingleInfo(length: 120_000, pieceLength: 1024))).PieceCount);
    }

    [Fact]
    public void ManyPiecesAreRefusedByTheirNumberNotByMemory()
    {
        string text = "d6:lengthi2147483649e4:name1:n12:piece lengthi1024e6:pieces0:e";
        Assert.Contains("2097152 pieces", Assert.Throws<TorrentFormatException>(() => Parse(text)).Message, StringComparison.Ordinal);
        text = text.Replace("2147483649", "2147483648", StringComparison.Ordinal);
        Assert.Contains("the files make 2097152 pieces", Assert.Throws<TorrentFormatException>(() => Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALinkNeedsNoLength()
        => Assert.Equal(["n/a"], Parse("d5:filesld6:lengthi40000e4:pathl1:aeed4:attr1:l4:pathl1:beee4:name1:n" + Rest).Files.Select(f => f.Path));

    [Fact]
    public void EntriesAreCountedUpToTheirBoundWhateverTheyAre()
    {
        var builder = new FileListBuilder(16, isAligned: true);
        builder.AddFile("a", 5, false);
        builder.AddPadding(0);
        Assert.Equal(5, builder.End);
        for (int i = builder.Entries; i < Limits.FileCount - 1; i++)
            builder.SkipLink();
        Assert.True(builder.CanTake(0));
        builder.SkipLink();
        Assert.False(builder.CanTake(0));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void PathsAreBoundedToTheByte(int last, bool fits)
    {
        string[] elements = [.. Enumerable.Range(0, 14).Select(i => (char)('a' + i) + new string('x', 254)), new string('y', 254), new string('z', last)];
        byte[] data = TorrentBytes.Around(TorrentBytes.MultiInfo([(string.Join('/', elements), 40_000L, "")], name: new string('n', 255)));
        if (fits)
            Assert.Equal(Limits.PathBytes, Torrent.Parse(data).Files[0].Path.Length);
        else
            Assert.Contains("longer than 4096 bytes", Assert.Throws<TorrentFormatException>(() => Torrent.Parse(data)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void ARangeOfPiecesEndsBeforeItsEnd(int piece, bool isInside) => Assert.Equal(isInside, new PieceRange(5, 3).Contains(piece));

    [Fact]
    public void SumsOfLengthsCanNotOverflow()
    {
        string file = "d6:lengthi281474976710656e4:pathl1:aee";
        string text = "d5:filesl" + string.Concat(Enumerable.Repeat(file, 40_000)) + "e4:name1:n12:piece lengthi536870912e6:pieces0:e";
        Assert.Equal("info.files[4]", Assert.Throws<TorrentFormatException>(() => Parse(text)).Field);
    }

    [Theory]
    [InlineData(1, 16_384)]
    [InlineData(32_768_000, 16_384)]
    [InlineData(32_768_001, 32_768)]
    [InlineData(1L << 30, 1 << 20)]
    [InlineData(1L << 40, 16 << 20)]
    public void AutomaticPieceLengthsMake1000To2000Pieces(long size, int length) => Assert.Equal(length, PieceLengths.Choose(size));

    private const string Rest = "12:piece lengthi16384e6:pieces60:hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhe";

    private static Torrent Parse(string info) => Torrent.Parse(Encoding.Latin1.GetBytes("d4:info" + info + "e"));
}
