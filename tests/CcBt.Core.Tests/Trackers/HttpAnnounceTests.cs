using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

public sealed class HttpAnnounceTests
{
    private const string Query = "info_hash=%00%FF%20A%0A~-_%26%2F%3F%3D%25%C3%A9%E2%80%90%AB%CD&peer_id=-CC0100-abcdefghijkl&port=6881"
        + "&uploaded=1&downloaded=2&left=3&compact=1&no_peer_id=1&key=DEADBEEF&numwant=50";

    [Fact]
    public void The_query_escapes_every_byte_that_could_end_a_field()
        => Assert.Equal(Query, HttpAnnounce.BuildQuery(AnnounceSamples.Request()));

    [Theory]
    [InlineData("http://a/announce", "/announce?")]
    [InlineData("http://a/announce?", "/announce?")]
    [InlineData("http://a/announce?passkey=x%FFy", "/announce?passkey=x%FFy&")]
    [InlineData("http://a/announce?passkey=x&", "/announce?passkey=x&")]
    [InlineData("http://a/announce?passkey=x?", "/announce?passkey=x?&")]
    [InlineData("http://a", "/?")]
    [InlineData("http://a/announce?pass#fragment", "/announce?pass&")]
    public void The_query_joins_the_one_that_the_url_has(string url, string begin)
        => Assert.Equal(begin + Query, HttpAnnounce.BuildTarget(AnnounceSamples.Url(url), AnnounceSamples.Request()));

    [Theory]
    [InlineData(1, "&event=completed")]
    [InlineData(2, "&event=started")]
    [InlineData(3, "&event=stopped")]
    [InlineData(4, "&event=paused")]
    public void The_event_has_its_name(int announceEvent, string end)
        => Assert.EndsWith(end, HttpAnnounce.BuildQuery(AnnounceSamples.Request((AnnounceEvent)announceEvent)));

    [Fact]
    public void A_tracker_id_cannot_smuggle_a_header_or_a_field()
    {
        AnnounceRequest request = AnnounceSamples.Request() with { TrackerId = "a\r\nHost: x&b=c d"u8.ToArray() };
        Assert.EndsWith("&trackerid=a%0D%0AHost%3A%20x%26b%3Dc%20d", HttpAnnounce.BuildQuery(request));
    }

    [Fact]
    public void Addresses_are_sent_when_given()
    {
        Assert.True(PeerAddress.TryParse("1.2.3.4:5", out PeerAddress v4));
        Assert.True(PeerAddress.TryParse("[2001:db8::1]:5", out PeerAddress v6));
        AnnounceRequest request = AnnounceSamples.Request() with { IPv4 = v4, IPv6 = v6 };
        Assert.EndsWith("&ipv4=1.2.3.4&ipv6=2001%3Adb8%3A%3A1", HttpAnnounce.BuildQuery(request));
    }

    [Fact]
    public void Counters_below_zero_are_sent_as_zero()
        => Assert.Contains("&left=0&", HttpAnnounce.BuildQuery(AnnounceSamples.Request() with { LeftBytes = -1 }));
}
