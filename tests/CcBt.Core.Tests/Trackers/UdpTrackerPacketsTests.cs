using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

public sealed class UdpTrackerPacketsTests
{
    private const string AnnounceHex = "0102030405060708" + "00000001" + "AABBCCDD" + "00FF20410A7E2D5F262F3F3D25C3A9E28090ABCD"
        + "2D4343303130302D6162636465666768696A6B6C" + "0000000000000002" + "0000000000000003" + "0000000000000001"
        + "00000002" + "00000000" + "DEADBEEF" + "00000032" + "1AE1";

    private static byte[] Announce(string urlData, AnnounceEvent announceEvent = AnnounceEvent.Started)
        => UdpTrackerPackets.Announce(0x0102030405060708, 0xAABBCCDD, AnnounceSamples.Request(announceEvent), urlData, isV6: false);

    [Fact]
    public void Requests_are_laid_out_as_bep_15_says()
    {
        Assert.Equal("000004172710198000000000" + "AABBCCDD", Convert.ToHexString(UdpTrackerPackets.Connect(0xAABBCCDD)));
        Assert.Equal(AnnounceHex, Convert.ToHexString(Announce("")));
        Assert.Equal("0102030405060708" + "00000002" + "AABBCCDD" + "00FF20410A7E2D5F262F3F3D25C3A9E28090ABCD",
            Convert.ToHexString(UdpTrackerPackets.Scrape(0x0102030405060708, 0xAABBCCDD, [AnnounceSamples.Hash])));
    }

    [Fact]
    public void The_url_is_sent_as_bep_41_says()
    {
        Assert.Equal([2, 12, .. "/dir?a=b&c=d"u8], Announce("/dir?a=b&c=d")[98..]);
        byte[] two = Announce("/" + new string('x', 299))[98..];
        Assert.Equal(304, two.Length);
        Assert.Equal((2, 255, 2, 45), (two[0], two[1], two[257], two[258]));
        Assert.Equal(2 + 255, Announce(new string('x', 255))[98..].Length);
    }

    [Fact]
    public void A_partial_seed_and_default_peers_have_their_numbers()
    {
        Assert.Equal(0, Announce("", AnnounceEvent.Paused)[83]);
        byte[] packet = UdpTrackerPackets.Announce(1, 2, AnnounceSamples.Request() with { WantedPeers = null, IPv4 = PeerAddress.FromV4(0x01020304, 1) }, "", false);
        Assert.Equal([255, 255, 255, 255], packet[92..96]);
        Assert.Equal([1, 2, 3, 4], packet[84..88]);
    }

    [Fact]
    public void Announce_answers_have_6_or_18_bytes_a_peer()
    {
        byte[] v4 = Convert.FromHexString("00000001AABBCCDD000007080000000300000007" + "010203041AE1" + "0506070800000909");
        Assert.True(UdpTrackerPackets.TryReadAnnounce(v4, false, out AnnounceReply reply));
        Assert.Equal((1800d, 3, 7), (reply.Interval!.Value.TotalSeconds, reply.Leeches, reply.Seeds));
        Assert.Equal("1.2.3.4:6881", Assert.Single(reply.Peers).ToString());
        byte[] v6 = Convert.FromHexString("00000001AABBCCDD000007080000000300000007" + "20010DB8000000000000000000000001" + "0051");
        Assert.True(UdpTrackerPackets.TryReadAnnounce(v6, true, out reply));
        Assert.Equal("[2001:db8::1]:81", Assert.Single(reply.Peers).ToString());
        for (int length = 0; length < 20; length++)
            Assert.False(UdpTrackerPackets.TryReadAnnounce(v4.AsSpan(0, length), false, out _));
    }

    [Fact]
    public void No_more_than_200_peers_are_taken()
    {
        byte[] answer = [.. new byte[20], .. Enumerable.Repeat((byte)5, 6 * 600)];
        Assert.True(UdpTrackerPackets.TryReadAnnounce(answer, false, out AnnounceReply reply));
        Assert.Equal(Limits.TrackerPeersPerAnswer, reply.Peers.Count);
    }

    [Fact]
    public void Negative_numbers_from_the_wire_do_no_harm()
    {
        byte[] answer = Convert.FromHexString("00000001AABBCCDDFFFFFFFFFFFFFFFF80000000");
        Assert.True(UdpTrackerPackets.TryReadAnnounce(answer, false, out AnnounceReply reply));
        Assert.Equal((null, 0, 0), (reply.Interval, reply.Leeches, reply.Seeds));
    }

    [Fact]
    public void Scrape_answers_follow_the_order_of_the_hashes()
    {
        byte[] answer = Convert.FromHexString("00000002AABBCCDD" + "000000010000000200000003" + "0000000400000005000000");
        ScrapeReply reply = UdpTrackerPackets.ReadScrape(answer, [AnnounceSamples.Hash, default]);
        Assert.Equal(new ScrapeEntry(AnnounceSamples.Hash, 1, 2, 3, null), Assert.Single(reply.Entries));
        Assert.Equal("oh", UdpTrackerPackets.ReadError([0, 0, 0, 3, 1, 2, 3, 4, .. "oh\0"u8]));
    }
}
