using System.Net;

namespace CcBt.Core.Tests.Metainfo;

public sealed class MagnetLinkTests
{
    private const string Hex = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a";
    private const string Base32 = "YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK";
    private const string HexV2 = "caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e";
    private const string V1 = "magnet:?xt=urn:btih:" + Hex;

    [Theory]
    [InlineData(V1)]
    [InlineData("magnet:?xt=urn:btih:" + Base32)]
    [InlineData("MAGNET:?XT=URN:BTIH:C12FE1C06BBA254A9DC9F519B335AA7C1367A88A")]
    [InlineData("  magnet:?xt=urn%3Abtih%3A" + Hex + " \n")]
    [InlineData("magnet:?xt.1=urn:btih:" + Hex + "&xt.2=urn:btih:" + Base32)]
    [InlineData("magnet:?&&dn&=x&xl=1&xt=urn:ed2k:abc&xt=urn:btih:" + Hex + "&foo=%zz")]
    public void FindsTheInfoHash(string text)
    {
        MagnetLink link = MagnetLink.Parse(text);
        Assert.Equal(InfoHash.Parse(Hex), link.InfoHashV1);
        Assert.Equal(link.InfoHashV1, link.SwarmHash);
        Assert.Null(link.InfoHashV2);
        Assert.Null(link.Name);
        Assert.Empty(link.Trackers);
        Assert.Equal(V1, link.ToString());
    }

    [Fact]
    public void ReadsVersion2AndHybridLinks()
    {
        MagnetLink link = MagnetLink.Parse("magnet:?xt=urn:btmh:1220" + HexV2);
        Assert.Equal(InfoHashV2.Parse(HexV2), link.InfoHashV2);
        Assert.Null(link.InfoHashV1);
        Assert.Equal(HexV2[..40], link.SwarmHash.ToString());
        link = MagnetLink.Parse(V1 + "&xt=urn:btmh:1220" + HexV2);
        Assert.Equal((InfoHash.Parse(Hex), InfoHashV2.Parse(HexV2)), (link.SwarmHash, link.InfoHashV2!.Value));
        Assert.Equal(V1 + "&xt=urn:btmh:1220" + HexV2, link.ToString());
    }

    [Fact]
    public void ReadsEveryHint()
    {
        MagnetLink link = MagnetLink.Parse(V1 + "&dn=One+file%2B%C3%BC&dn=other&tr=udp%3A%2F%2Ft.example%3A80&tr.1=http://u.example/a?b=c&tr=udp://t.example:80"
            + "&ws=https://cdn.example/x%20y&x.pe=1.2.3.4:5&x.pe=[2001:db8::1]:6&x.pe=host.example:7&so=4-6,0,5,7,9");
        Assert.Equal("One file+ü", link.Name);
        Assert.Equal(["udp://t.example:80", "http://u.example/a?b=c"], link.Trackers);
        Assert.Equal(["https://cdn.example/x y"], link.WebSeeds);
        Assert.Equal(["1.2.3.4:5", "[2001:db8::1]:6", "host.example:7"], link.Peers.Select(p => p.ToString()));
        Assert.Equal([IPEndPoint.Parse("1.2.3.4:5"), IPEndPoint.Parse("[2001:db8::1]:6")], link.PeerEndPoints);
        Assert.Equal([0..1, 4..8, 9..10], link.SelectedFiles);
        Assert.Equal(V1 + "&dn=One%20file%2B%C3%BC&tr=udp%3A%2F%2Ft.example%3A80&tr=http%3A%2F%2Fu.example%2Fa%3Fb%3Dc&ws=https%3A%2F%2Fcdn.example%2Fx%20y"
            + "&x.pe=1.2.3.4:5&x.pe=[2001:db8::1]:6&x.pe=host.example:7&so=0,4-7,9", link.ToString());
        Assert.Equal(link.ToString(), MagnetLink.Parse(link.ToString()).ToString());
    }

    [Fact]
    public void TheLengthIsBounded()
    {
        string longest = V1 + "&dn=" + new string('a', Limits.MagnetLength - V1.Length - 4);
        Assert.True(MagnetLink.TryParse(longest, out _));
        Assert.Equal("magnet", Assert.Throws<TorrentFormatException>(() => MagnetLink.Parse(longest + "a")).Field);
    }

    [Fact]
    public void AKeyWithADotAndNoNumberIsAnother() => Assert.Empty(MagnetLink.Parse(V1 + "&tr.=udp://t.example:80").Trackers);

    [Fact]
    public void LinksCopiedFromHtmlWork()
        => Assert.Equal(["udp://t.example:80"], MagnetLink.Parse(V1 + "&amp;dn=x&amp;tr=udp://t.example:80").Trackers);

    [Theory]
    [InlineData("&tr=ftp://t.example&tr=&tr=x")]
    [InlineData("&ws=udp://t.example:1&ws=file:///etc/passwd")]
    [InlineData("&x.pe=1.2.3.4&x.pe=1.2.3.4:0&x.pe=1.2.3.4:70000&x.pe=::1:5&x.pe=[::1]&x.pe=:5&x.pe=a%20b:5&x.pe=")]
    [InlineData("&tr=http%3A%2F%2Ft.example%2F%0D%0AHost%3A%20evil")]
    [InlineData("&dn=")]
    [InlineData("&xs=http://x.example/&as=http://x.example/&kt=a&mt=b")]
    public void HintsThatCanNotBeUsedAreDropped(string hints) => Assert.Equal(V1, MagnetLink.Parse(V1 + hints).ToString());

    [Theory]
    [InlineData("", "magnet")]
    [InlineData("http://x.example/", "magnet")]
    [InlineData("magnet:xt=urn:btih:" + Hex, "magnet")]
    [InlineData("magnet:?", "xt")]
    [InlineData("magnet:?dn=x", "xt")]
    [InlineData("magnet:?xt=" + Hex, "xt")]
    [InlineData("magnet:?xt=urn:btih:", "xt")]
    [InlineData("magnet:?xt=urn:btih:abc", "xt")]
    [InlineData("magnet:?xt=urn:btih:g12fe1c06bba254a9dc9f519b335aa7c1367a88a", "xt")]
    [InlineData("magnet:?xt=urn:btmh:" + HexV2, "xt")]
    [InlineData("magnet:?xt=urn:btmh:1114" + Hex, "xt")]
    [InlineData("magnet:?xt=urn:btmh:1220" + Hex, "xt")]
    [InlineData("magnet:?xt=urn:btmh:1114" + HexV2, "xt")]
    [InlineData(V1 + "&xt=urn:btih:0000000000000000000000000000000000000000", "xt")]
    [InlineData("magnet:?xt=urn:btmh:1220" + HexV2 + "&xt=urn:btmh:1220" + "0000000000000000000000000000000000000000000000000000000000000000", "xt")]
    [InlineData(V1 + "&so=", "so")]
    [InlineData(V1 + "&so=a", "so")]
    [InlineData(V1 + "&so=1,", "so")]
    [InlineData(V1 + "&so=3-2", "so")]
    [InlineData(V1 + "&so=-2", "so")]
    [InlineData(V1 + "&so=0-", "so")]
    [InlineData(V1 + "&so=1000000", "so")]
    [InlineData(V1 + "&so=0-4294967296", "so")]
    public void ErrorsNameTheParameter(string text, string key)
    {
        TorrentFormatException error = Assert.Throws<TorrentFormatException>(() => MagnetLink.Parse(text));
        Assert.Equal((key, TorrentErrorCode.InvalidMagnet, -1L), (error.Field, error.Code, error.Offset));
        Assert.False(MagnetLink.TryParse(text, out MagnetLink? link));
        Assert.Null(link);
    }

    [Fact]
    public void EverythingIsBounded()
    {
        Assert.False(MagnetLink.TryParse(null, out _));
        Assert.False(MagnetLink.TryParse(V1 + "&dn=" + new string('x', Limits.MagnetLength), out _));
        string many = V1 + string.Concat(Enumerable.Range(0, 1000).Select(i => $"&tr=udp://t{i}.example:1&x.pe=h{i}:1&ws=http://w{i}.x/"));
        MagnetLink link = MagnetLink.Parse(many);
        Assert.Equal((Limits.TrackerUrls, Limits.MagnetPeers, Limits.WebSeedUrls), (link.Trackers.Count, link.Peers.Count, link.WebSeeds.Count));
        Assert.Equal([0..1_000_000], MagnetLink.Parse(V1 + "&so=0-999999").SelectedFiles);
        Assert.False(MagnetLink.TryParse(V1 + "&so=" + string.Join(',', Enumerable.Range(0, Limits.MagnetRanges + 1)), out _));
        Assert.True(MagnetLink.TryParse(V1 + "&so=" + string.Join(',', Enumerable.Range(0, Limits.MagnetRanges)), out MagnetLink? most));
        Assert.EndsWith($"&so=0-{Limits.MagnetRanges - 1}", most.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("&so=3", MagnetLink.Parse(V1 + "&so=3").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void PeersWithSignsInTheirHostComeBack()
    {
        MagnetLink link = MagnetLink.Parse(V1 + "&x.pe=a%26b%2525:80&x.pe=%5B::1%5D:81");
        Assert.Equal(["a&b%25:80", "[::1]:81"], link.Peers.Select(peer => peer.ToString()));
        Assert.Equal(link.Peers, MagnetLink.Parse(link.ToString()).Peers);
    }

    [Fact]
    public void SelectionsOfSeveralParametersAreJoined()
        => Assert.Equal([new Range(1, 4), new Range(7, 8)], MagnetLink.Parse(V1 + "&so=7,1&so=3&so=1-2").SelectedFiles);

    [Fact]
    public void AHashThatIsNamedTwiceIsOne()
    {
        MagnetLink link = MagnetLink.Parse(V1 + "&xt=urn:btmh:1220" + HexV2 + "&xt=urn:btmh:1220" + HexV2.ToUpperInvariant());
        Assert.Equal(HexV2, link.InfoHashV2.ToString());
    }

    [Fact]
    public void ARangeOfOneFileIsThatFile()
        => Assert.Equal([3..4], MagnetLink.Parse(V1 + "&so=3-3").SelectedFiles);

    [Fact]
    public void LinksCanBeMadeFromHashes()
    {
        Assert.Equal(V1 + "&dn=a%26b", new MagnetLink(InfoHash.Parse(Hex)) { Name = "a&b" }.ToString());
        Assert.Equal("magnet:?xt=urn:btmh:1220" + HexV2, new MagnetLink(InfoHashV2.Parse(HexV2)).ToString());
        Assert.Throws<ArgumentException>(() => new MagnetLink(null, null));
        Assert.Throws<ArgumentNullException>(() => new MagnetLink(default(InfoHash)) { Trackers = null! });
        Assert.Throws<ArgumentException>(() => new MagnetLink(default(InfoHash)) { SelectedFiles = [1..^1] });
        Assert.Throws<ArgumentException>(() => new MagnetLink(default(InfoHash)) { SelectedFiles = [2..2] });
        var trackers = new List<string> { "udp://t.example:80" };
        var link = new MagnetLink(default(InfoHash)) { Trackers = trackers };
        trackers.Clear();
        Assert.Single(link.Trackers);
    }

    [Fact]
    public void MutatedLinksAreReadOrRefused()
    {
        const int seed = 99;
        var random = new Random(seed);
        string sample = V1 + "&xt=urn:btmh:1220" + HexV2 + "&dn=a%20b&tr=udp%3A%2F%2Ft.example%3A80&x.pe=[::1]:6&so=0,4-6";
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            char[] text = sample.ToCharArray();
            for (int i = random.Next(1, 4); i > 0; i--)
                text[random.Next(text.Length)] = "&=%?:-,.[]0aZ \u00FC\uD800"[random.Next(16)];
            if (!MagnetLink.TryParse(new string(text), out MagnetLink? link))
                continue;
            read++;
            string written = link.ToString();
            Assert.True(written == MagnetLink.Parse(written).ToString(), $"seed {seed}, round {round}: {written}");
        }
        Assert.InRange(read, 1000, 20_000);
    }
}
