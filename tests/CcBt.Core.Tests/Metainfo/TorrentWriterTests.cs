using CcBt.Core.Metainfo;

namespace CcBt.Core.Tests.Metainfo;

public sealed class TorrentWriterTests
{
    [Fact]
    public void WhatIsWrittenReadsBack()
    {
        byte[] info = TorrentBytes.SingleInfo();
        var details = new TorrentDetails
        {
            Trackers = [["udp://a.example:1"], ["udp://b.example:1", "http://c.example/"]],
            WebSeeds = ["http://w.example/"],
            Nodes = [new HostAndPort("router.example", 6881), new HostAndPort("2001:db8::1", 1)],
            Comment = "",
            CreatedBy = "x",
            CreationDate = DateTimeOffset.UnixEpoch,
        };
        Torrent torrent = Torrent.Parse(TorrentWriter.Write(info, details));
        Assert.Equal(info, torrent.RawInfo.ToArray());
        Assert.Equal(details.Trackers, torrent.Trackers);
        Assert.Equal(details.WebSeeds, torrent.WebSeeds);
        Assert.Equal(details.Nodes, torrent.Nodes);
        Assert.Equal((details.Comment, details.CreatedBy, details.CreationDate), (torrent.Comment, torrent.CreatedBy, torrent.CreationDate));
    }

    [Fact]
    public void NothingButTheInfoDictionaryIsNeeded()
        => Assert.Equal(TorrentBytes.Around(TorrentBytes.SingleInfo()), TorrentWriter.Write(TorrentBytes.SingleInfo(), TorrentDetails.None));

    [Fact]
    public void ATrackerAloneNeedsNoListOfTiers()
    {
        Assert.DoesNotContain("announce-list", Written([["http://a.example/"]]), StringComparison.Ordinal);
        Assert.Contains("announce-list", Written([["http://a.example/", "http://b.example/"]]), StringComparison.Ordinal);
        Assert.Contains("announce-list", Written([["http://a.example/"], ["http://b.example/"]]), StringComparison.Ordinal);

        static string Written(string[][] tiers)
            => System.Text.Encoding.Latin1.GetString(TorrentWriter.Write(TorrentBytes.SingleInfo(), new TorrentDetails { Trackers = tiers }));
    }

    [Fact]
    public void OneFileStandsAloneOrInADirectory()
    {
        var draft = new InfoDraft { Name = "n", PieceLength = 16_384, Files = [new DraftFile([], 5)], PieceHashes = new byte[20] };
        Assert.Equal("n", Assert.Single(Torrent.Parse(TorrentBytes.Around(InfoWriter.Write(draft))).Files).Path);
        draft = draft with { Files = [new DraftFile(["f"], 5)] };
        Assert.Equal("n/f", Assert.Single(Torrent.Parse(TorrentBytes.Around(InfoWriter.Write(draft))).Files).Path);
    }

    [Fact]
    public void InfoDictionariesOfTheSameDraftAreTheSame()
    {
        var draft = new InfoDraft
        {
            Name = "n",
            PieceLength = 16_384,
            Files = [new DraftFile(["d", "ü"], 5), new DraftFile(["e"], 0)],
            PieceHashes = new byte[20],
            IsPrivate = true,
            Source = "s",
        };
        byte[] info = InfoWriter.Write(draft);
        Assert.Equal(info, InfoWriter.Write(draft with { }));
        Torrent torrent = Torrent.Parse(TorrentBytes.Around(info));
        Assert.Equal(["n/d/ü", "n/e"], torrent.Files.Select(f => f.Path));
        Assert.True(torrent.IsPrivate);
    }
}
