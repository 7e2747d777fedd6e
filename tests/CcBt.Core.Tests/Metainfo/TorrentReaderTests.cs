using System.Security.Cryptography;

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
}
