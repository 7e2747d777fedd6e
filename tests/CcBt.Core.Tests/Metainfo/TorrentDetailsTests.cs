using CcBt.Core.BEncoding;

namespace CcBt.Core.Tests.Metainfo;

public sealed class TorrentDetailsTests
{
    private static readonly byte[] Info = TorrentBytes.SingleInfo();

    [Fact]
    public void ATrackerAloneIsOneTier()
        => Assert.Equal([["http://t.example/announce"]], With(w => w.Key("announce"u8).Text(" http://t.example/announce ")).Trackers);

    [Fact]
    public void TheListOfTiersReplacesTheTracker()
    {
        Torrent torrent = With(w => w.Key("announce"u8).Text("http://ignored.example/a")
            .Key("announce-list"u8).BeginList()
            .BeginList().Text("http://one.example/a").Text("udp://two.example:80/a").End()
            .BeginList().End()
            .BeginList().Text("http://one.example/a").Integer(1).Text("HTTPS://three.example/a").End()
            .Text("udp://four.example:1")
            .End());
        Assert.Equal([["http://one.example/a", "udp://two.example:80/a"], ["HTTPS://three.example/a"], ["udp://four.example:1"]], torrent.Trackers);
    }

    [Fact]
    public void AListWithoutAUsableTrackerLeavesTheTracker()
    {
        Torrent torrent = With(w => w.Key("announce"u8).Text("udp://t.example:80")
            .Key("announce-list"u8).BeginList().BeginList().Text("wss://t.example/").Text("dht://x").End().End());
        Assert.Equal([["udp://t.example:80"]], torrent.Trackers);
    }

    [Theory]
    [InlineData("ftp://t.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://t.example/")]
    [InlineData("http://")]
    [InlineData("t.example/announce")]
    [InlineData("http://t.example/\r\nHost: evil")]
    [InlineData("http://t.example/\0")]
    [InlineData("http://t.example/\u007F")]
    [InlineData("http://t.example/\u0085")]
    [InlineData("")]
    public void OtherUrlsAreDropped(string url)
    {
        Torrent torrent = With(w => w.Key("announce"u8).Text(url).Key("url-list"u8).Text(url));
        Assert.Empty(torrent.Trackers);
        Assert.Empty(torrent.WebSeeds);
    }

    [Fact]
    public void LongAndManyUrlsAreBounded()
    {
        string longest = "http://t.example/" + new string('a', Limits.TrackerUrlLength - 17);
        Assert.Equal(longest, With(w => w.Key("announce"u8).Text(longest)).Trackers[0][0]);
        Assert.Empty(With(w => w.Key("announce"u8).Text(longest + "a")).Trackers);
        Torrent torrent = With(w =>
        {
            w.Key("announce-list"u8).BeginList();
            for (int i = 0; i < 2000; i++)
                w.BeginList().Text($"http://t{i}.example/").End();
            w.End();
        });
        Assert.Equal(Limits.TrackerUrls, torrent.Trackers.Count);
    }

    [Fact]
    public void ASingleTierReplacesTheTrackerToo()
        => Assert.Equal([["udp://one.example:1"]], With(w => w.Key("announce"u8).Text("http://ignored.example/a")
            .Key("announce-list"u8).BeginList().BeginList().Text("udp://one.example:1").End().End()).Trackers);

    [Fact]
    public void WebSeedsAreBounded()
    {
        Torrent torrent = With(w =>
        {
            w.Key("url-list"u8).BeginList();
            for (int i = 0; i <= Limits.WebSeedUrls; i++)
                w.Text($"http://s{i}.example/");
            w.End();
        });
        Assert.Equal(Limits.WebSeedUrls, torrent.WebSeeds.Count);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(253_402_300_799, true)]
    [InlineData(253_402_300_800, false)]
    public void DatesEndWithTheYear9999(long seconds, bool isRead)
        => Assert.Equal(isRead ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : (DateTimeOffset?)null, With(w => w.Key("creation date"u8).Integer(seconds)).CreationDate);

    [Fact]
    public void WebSeedsAreAStringOrAList()
    {
        Assert.Equal(["http://cdn.example/"], With(w => w.Key("url-list"u8).Text("http://cdn.example/")).WebSeeds);
        Torrent torrent = With(w => w.Key("url-list"u8).BeginList()
            .Text("http://a.example/").Text("ftp://b.example/").Integer(1).Text("https://c.example/x y").Text("http://a.example/").Text("udp://d.example:1").End());
        Assert.Equal(["http://a.example/", "https://c.example/x y"], torrent.WebSeeds);
    }

    [Fact]
    public void NodesAreHostsWithPorts()
    {
        Torrent torrent = With(w => w.Key("nodes"u8).BeginList()
            .BeginList().Text("router.example").Integer(6881).End()
            .BeginList().Text("::1").Integer(1).End()
            .BeginList().Text("a b").Integer(1).End()
            .BeginList().Text("x.example").Integer(0).End()
            .BeginList().Text("x.example").Integer(65_536).End()
            .BeginList().Text("x.example").End()
            .BeginList().Integer(1).Integer(1).End()
            .Text("x.example:1")
            .End());
        Assert.Equal([new HostAndPort("router.example", 6881), new HostAndPort("::1", 1)], torrent.Nodes);
    }

    [Theory]
    [InlineData("7:privatei1e", true)]
    [InlineData("7:privatei2e", true)]
    [InlineData("7:privatei-1e", true)]
    [InlineData("7:privatei0e", false)]
    [InlineData("7:private1:1", false)]
    [InlineData("", false)]
    public void AnyNumberButZeroMakesATorrentPrivate(string field, bool isPrivate)
    {
        string info = $"d6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces20:{new string('h', 20)}{field}e";
        Assert.Equal(isPrivate, Torrent.Parse(TorrentBytes.Around(System.Text.Encoding.Latin1.GetBytes(info))).IsPrivate);
    }

    [Fact]
    public void RemarksAreReadAndMayBeMissingOrWrong()
    {
        Torrent torrent = With(w => w.Key("comment"u8).Text("grüße").Key("created by"u8).Text("x").Key("creation date"u8).Integer(1_700_000_000));
        Assert.Equal(("grüße", "x", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)), (torrent.Comment, torrent.CreatedBy, torrent.CreationDate!.Value));
        torrent = With(w => w.Key("comment"u8).Integer(1).Key("creation date"u8).Text("yesterday"));
        Assert.Equal((null, null, null), (torrent.Comment, torrent.CreatedBy, torrent.CreationDate));
        Assert.Null(With(w => w.Key("creation date"u8).Integer(long.MaxValue)).CreationDate);
        Assert.Null(With(w => w.Key("creation date"u8).Integer(-1)).CreationDate);
        Assert.Equal("utf-8", With(w => w.Key("comment"u8).Text("old").Key("comment.utf-8"u8).Text("utf-8")).Comment);
    }

    [Fact]
    public void WrongKindsHarmNothing()
    {
        Torrent torrent = With(w => w.Key("announce"u8).Integer(1).Key("announce-list"u8).Text("http://x/"));
        Assert.Empty(torrent.Trackers);
        torrent = With(w => w.Key("announce-list"u8).BeginDictionary().Key("a"u8).Integer(1).End());
        Assert.Empty(torrent.Trackers);
        Assert.Empty(torrent.Nodes);
        Assert.Empty(torrent.WebSeeds);
    }

    [Fact]
    public void MetadataBecomesAWholeTorrentWithTheTrackersOfItsMagnet()
    {
        Assert.True(Torrent.TryFromInfo(Info, [["http://t.example/a"], ["udp://u.example:1", "udp://v.example:2"]], ["http://cdn.example/"], out Torrent? torrent, out _));
        Torrent again = Torrent.Parse(torrent.ToBytes());
        Assert.Equal(torrent.InfoHashV1, again.InfoHashV1);
        Assert.Equal(torrent.Trackers, again.Trackers);
        Assert.Equal(torrent.WebSeeds, again.WebSeeds);
        MagnetLink magnet = torrent.ToMagnetLink();
        Assert.Equal(torrent.SwarmHash, magnet.SwarmHash);
        Assert.Equal(["http://t.example/a", "udp://u.example:1", "udp://v.example:2"], magnet.Trackers);
        Assert.Equal(torrent.Name, magnet.Name);
    }

    [Fact]
    public void BytesComeBackAsTheyWere()
    {
        byte[] data = TorrentBytes.Around(Info);
        Torrent torrent = Torrent.Parse(data);
        byte[] copy = [.. data];
        Array.Clear(data);
        Assert.Equal(copy, torrent.ToBytes());
        torrent.ToBytes()[0] = 0;
        Assert.Equal(copy, torrent.ToBytes());
        Assert.Equal(Info, torrent.RawInfo.ToArray());
    }

    /// <summary>The info dictionary is written last, which unsorted keys allow.</summary>
    private static Torrent With(Action<BWriter> write)
    {
        BWriter writer = new BWriter().BeginDictionary();
        write(writer);
        byte[] head = writer.End().ToArray();
        return Torrent.Parse((byte[])[.. head[..^1], .. "4:info"u8, .. Info, (byte)'e']);
    }
}
