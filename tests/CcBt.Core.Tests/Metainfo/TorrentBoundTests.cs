using System.Text;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Tests.Metainfo;

/// <summary>What a torrent may cost, at the bound and one beyond it, through the doors that users call.</summary>
public sealed class TorrentBoundTests
{
    [Fact]
    public void NestingEndsAtAHundredLevels()
    {
        // The torrent itself is the first level.
        Assert.Equal("info", Fail(Nested(Limits.FileBencodeDepth - 1)).Field);
        TorrentFormatException error = Fail(Nested(Limits.FileBencodeDepth));
        Assert.Equal((TorrentErrorCode.InvalidBencode, "torrent"), (error.Code, error.Field));
        Assert.Contains(nameof(BErrorCode.TooDeep), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValuesEndAtTwoAndAHalfMillion()
    {
        // The dictionary, its key and the list are values as well.
        Assert.Equal("info", Fail(Crowded(Limits.FileBencodeTokens - 3)).Field);
        Assert.Contains(nameof(BErrorCode.TooManyTokens), Fail(Crowded(Limits.FileBencodeTokens - 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FilesEndAtAMillion()
    {
        var builder = new CcBt.Core.Metainfo.FileListBuilder(TorrentBytes.PieceLength, isAligned: false);
        while (builder.CanTake(1))
            builder.SkipLink();
        Assert.Equal(Limits.FileCount, builder.Entries);
    }

    [Fact]
    public void ALongerFileIsReadWhenTheCallerAllowsIt()
    {
        byte[] data = TorrentBytes.Around(Padded(12_000_000));
        Assert.Contains(nameof(BErrorCode.InputTooLong), Fail(data).Message, StringComparison.Ordinal);
        Assert.Equal("file.bin", Torrent.Parse(data, data.Length).Name);
        Assert.Throws<TorrentFormatException>(() => Torrent.Parse(data, data.Length - 1));
        Assert.Throws<ArgumentException>("maxBytes", () => Torrent.Parse(data, Limits.MostTorrentFileBytes + 1));
        Assert.Throws<ArgumentException>("maxBytes", () => Torrent.Parse(data, 0));
    }

    [Fact]
    public void MetadataThatPeersMaySendCanBeRead()
    {
        Assert.True(Torrent.TryFromInfo(Padded(Limits.MetadataBytes), [], [], out Torrent? torrent, out _));
        Assert.Equal(Limits.MetadataBytes, torrent.RawInfo.Length);
        Assert.False(Torrent.TryFromInfo(Padded(Limits.MetadataBytes + 1), [], [], out _, out TorrentFormatException? error));
        Assert.Contains(nameof(BErrorCode.InputTooLong), error.Message, StringComparison.Ordinal);
    }

    private static TorrentFormatException Fail(byte[] data) => Assert.Throws<TorrentFormatException>(() => Torrent.Parse(data));

    private static byte[] Nested(int levels) => Encoding.ASCII.GetBytes("d1:x" + new string('l', levels) + new string('e', levels) + "e");

    private static byte[] Crowded(int values)
    {
        var data = new StringBuilder("d1:xl", 2 * values + 7);
        for (int i = 0; i < values; i++)
            data.Append("0:");
        return Encoding.ASCII.GetBytes(data.Append("ee").ToString());
    }

    /// <summary>An info dictionary of exactly this length, which has eight digits.</summary>
    private static byte[] Padded(int length)
    {
        byte[] info = TorrentBytes.SingleInfo();
        byte[] head = Encoding.ASCII.GetBytes($"6:source{length - info.Length - 8 - 9}:");
        Assert.Equal(8 + 9, head.Length);
        var padded = new byte[length];
        info.AsSpan(..^1).CopyTo(padded);
        head.CopyTo(padded, info.Length - 1);
        padded.AsSpan(info.Length - 1 + head.Length).Fill((byte)'x');
        padded[^1] = (byte)'e';
        return padded;
    }
}
