using System.Text;

namespace CcBt.Core.Tests.Metainfo;

public sealed class TorrentErrorTests
{
    private const string Hashes3 = "6:pieces60:hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh";
    private const string Tail = "4:name1:n12:piece lengthi16384e" + Hashes3;

    [Theory]
    [InlineData("d6:lengthi40000e12:piece lengthi16384e" + Hashes3 + "e", "info.name", 7, "missing")]
    [InlineData("d6:lengthi40000e4:namei1e12:piece lengthi16384e" + Hashes3 + "e", "info.name", 29, "string")]
    [InlineData("d6:lengthi40000e4:name1:n" + Hashes3 + "e", "info.piece length", 7, "missing")]
    [InlineData("d6:lengthi40000e4:name1:n12:piece lengthi0e" + Hashes3 + "e", "info.piece length", 47, "from 1024")]
    [InlineData("d6:lengthi40000e4:name1:n12:piece lengthi1023e" + Hashes3 + "e", "info.piece length", 47, "from 1024")]
    [InlineData("d6:lengthi40000e4:name1:n12:piece lengthi-16384e" + Hashes3 + "e", "info.piece length", 47, "from 1024")]
    [InlineData("d6:lengthi40000e4:name1:n12:piece lengthi536870913e" + Hashes3 + "e", "info.piece length", 47, "from 1024")]
    [InlineData("d6:lengthi40000e4:name1:n12:piece length5:16384" + Hashes3 + "e", "info.piece length", 47, "from 1024")]
    [InlineData("d" + Tail + "e", "info.length", 7, "missing")]
    [InlineData("d5:filesle6:lengthi40000e" + Tail + "e", "info.files", 15, "not both")]
    [InlineData("d6:lengthi-1e" + Tail + "e", "info.length", 16, "from 0")]
    [InlineData("d6:length1:x" + Tail + "e", "info.length", 16, "from 0")]
    [InlineData("d6:lengthi9223372036854775807e" + Tail + "e", "info.length", 16, "from 0")]
    [InlineData("d6:lengthi281474976710657e" + Tail + "e", "info.length", 16, "from 0")]
    [InlineData("d6:lengthi281474976710656e" + Tail + "e", "info.length", 16, "more than")]
    [InlineData("d6:lengthi0e" + Tail + "e", "info", 7, "no content")]
    [InlineData("d5:filesle" + Tail + "e", "info", 7, "no content")]
    [InlineData("d6:lengthi50000e" + Tail + "e", "info.pieces", 62, "has 3 hashes, but the files make 4")]
    [InlineData("d6:lengthi32768e" + Tail + "e", "info.pieces", 62, "has 3 hashes, but the files make 2")]
    [InlineData("d6:lengthi40000e4:name1:n12:piece lengthi16384e6:pieces3:abce", "info.pieces", 62, "20 bytes")]
    [InlineData("d6:lengthi40000e4:name1:n12:piece lengthi16384e6:piecesi1ee", "info.pieces", 62, "20 bytes")]
    [InlineData("d5:filesd1:ai1ee" + Tail + "e", "info.files", 15, "list")]
    [InlineData("d5:filesli1ee" + Tail + "e", "info.files[0]", 16, "dictionary")]
    [InlineData("d5:filesld4:pathl1:aeee" + Tail + "e", "info.files[0].length", 16, "missing")]
    [InlineData("d5:filesld6:lengthi40000eee" + Tail + "e", "info.files[0].path", 16, "missing")]
    [InlineData("d5:filesld6:lengthi40000e4:path1:aee" + Tail + "e", "info.files[0].path", 38, "list")]
    [InlineData("d5:filesld6:lengthi40000e4:pathleee" + Tail + "e", "info.files[0].path", 38, "names nothing")]
    [InlineData("d5:filesld6:lengthi40000e4:pathl0:eee" + Tail + "e", "info.files[0].path", 38, "names nothing")]
    [InlineData("d5:filesld6:lengthi40000e4:pathl1:ai1eeee" + Tail + "e", "info.files[0].path", 42, "strings")]
    [InlineData("d5:filesld4:attr1:l6:lengthi5e4:pathl1:aeee" + Tail + "e", "info.files[0].length", 34, "symbolic link")]
    [InlineData("d5:filesld6:lengthi40000e4:pathl1:aeed4:attr1:p6:lengthi-5eee" + Tail + "e", "info.files[1].length", 62, "from 0")]
    [InlineData("d6:lengthi40000e12:meta versioni3e" + Tail + "e", "info.meta version", 38, "version 3")]
    [InlineData("d6:lengthi40000e12:meta versioni0e" + Tail + "e", "info.meta version", 38, "not a version")]
    [InlineData("d6:lengthi40000e12:meta version1:2" + Tail + "e", "info.meta version", 38, "not a version")]
    [InlineData("d6:lengthi40000e12:meta versioni2e" + Tail + "e", "info.file tree", 7, "missing")]
    [InlineData("le", "info", 7, "not a dictionary")]
    public void NamesTheFieldAndTheByte(string info, string field, int offset, string message)
    {
        TorrentFormatException error = Fail("d4:info" + info + "e");
        Assert.Equal(field, error.Field);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(offset, error.Offset);
        Assert.Contains(field, error.Place, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Equal(message == "version 3" ? TorrentErrorCode.UnsupportedTorrent : TorrentErrorCode.InvalidTorrent, error.Code);
    }

    [Theory]
    [InlineData("", TorrentErrorCode.InvalidBencode, "torrent", 0)]
    [InlineData("d4:info", TorrentErrorCode.InvalidBencode, "torrent", 7)]
    [InlineData("<!DOCTYPE html>", TorrentErrorCode.InvalidBencode, "torrent", 0)]
    [InlineData("le", TorrentErrorCode.InvalidTorrent, "torrent", 0)]
    [InlineData("d8:announce1:ae", TorrentErrorCode.InvalidTorrent, "info", 0)]
    public void SaysWhatIsNoTorrentAtAll(string text, TorrentErrorCode code, string field, int offset)
    {
        TorrentFormatException error = Fail(text);
        Assert.Equal((code, field, (long)offset), (error.Code, error.Field, error.Offset));
    }

    [Fact]
    public void ATorrentThatIsTooLongIsRefusedBeforeItIsCopied()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] data = new byte[Limits.TorrentFileBytes + 1];
        Assert.Equal("torrent", Assert.Throws<TorrentFormatException>(() => Torrent.Parse(data)).Field);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, data.Length, data.Length + 100_000);
    }

    [Fact]
    public void MetadataFromPeersFailsWithAValue()
    {
        Assert.False(Torrent.TryFromInfo(Encoding.Latin1.GetBytes("d4:name1:ne"), [], [], out Torrent? torrent, out TorrentFormatException? error));
        Assert.Null(torrent);
        Assert.Equal(("info.piece length", 0L), (error.Field, error.Offset));
        Assert.False(Torrent.TryFromInfo(Encoding.Latin1.GetBytes("d4:name1:n"), [], [], out _, out error));
        Assert.Equal(TorrentErrorCode.InvalidBencode, error.Code);
    }

    private static TorrentFormatException Fail(string latin1)
        => Assert.Throws<TorrentFormatException>(() => Torrent.Parse(Encoding.Latin1.GetBytes(latin1)));
}
