using System.Text;
using CcBt.Core.BEncoding;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

public sealed class HttpAnnounceReplyTests
{
    private static readonly byte[] Full = new BWriter().BeginDictionary()
        .Key("complete"u8).Integer(7)
        .Key("external ip"u8).String([9, 8, 7, 6])
        .Key("incomplete"u8).Integer(3)
        .Key("interval"u8).Integer(1800)
        .Key("min interval"u8).Integer(900)
        .Key("peers"u8).String([1, 2, 3, 4, 0x1A, 0xE1, 5, 6, 7, 8, 0, 0, 10, 0, 0, 1, 0, 80])
        .Key("peers6"u8).String([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 81])
        .Key("tracker id"u8).Text("abc")
        .Key("warning message"u8).Text("slow\r\nhost")
        .End().ToArray();

    private static AnnounceReply Parse(byte[] body)
    {
        Assert.True(HttpAnnounceReply.TryParse(body, out AnnounceReply reply, out string? error), error);
        return reply;
    }

    private static AnnounceReply Parse(string body) => Parse(Encoding.Latin1.GetBytes(body));

    [Fact]
    public void A_full_answer_is_read()
    {
        AnnounceReply reply = Parse(Full);
        Assert.Equal(["1.2.3.4:6881", "10.0.0.1:80", "[2001:db8::1]:81"], reply.Peers.Select(p => p.ToString()));
        Assert.Equal((7, 3), (reply.Seeds, reply.Leeches));
        Assert.Equal((TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(15)), (reply.Interval, reply.MinInterval));
        Assert.Equal("abc"u8.ToArray(), reply.TrackerId.ToArray());
        Assert.Equal("9.8.7.6", reply.ExternalAddress!.Value.ToIPAddress().ToString());
        Assert.Equal("slow\uFFFD\uFFFDhost", reply.Warning);
        Assert.Null(reply.FailureReason);
    }

    [Fact]
    public void The_example_of_bep_7_is_read_and_its_ipv6_address_of_no_known_network_left_out()
        => Assert.Equal("105.105.105.105:28784", Assert.Single(Parse("d8:intervali1800e5:peers6:iiiipp6:peers618:iiiiiiiiiiiiiiiippe").Peers).ToString());

    [Fact]
    public void Dictionary_peers_are_read_and_names_and_nonsense_left_out()
    {
        AnnounceReply reply = Parse("d8:intervali60e5:peersld2:ip7:1.2.3.47:peer id20:aaaaaaaaaaaaaaaaaaaa4:porti99eed2:ip11:2001:db8::24:porti1ee"
            + "d2:ip11:example.com4:porti1eed2:ip1:14:porti1eed2:ip7:1.2.3.44:porti0eed2:ip7:1.2.3.44:porti65536ee"
            + "d2:ip9:fe80::1%14:porti1eed2:ip7:0.0.0.04:porti1eei5e0:leee");
        Assert.Equal(["1.2.3.4:99", "[2001:db8::2]:1"], reply.Peers.Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("d14:failure reason4:busy8:retry in1:5e", 300, false)]
    [InlineData("d14:failure reason4:busy8:retry ini5ee", 300, false)]
    [InlineData("d14:failure reason4:busy8:retry in5:nevere", null, true)]
    [InlineData("d14:failure reason4:busy8:retry in2:-5e", null, false)]
    [InlineData("d14:failure reason4:busy8:retry ini9223372036854775807ee", 86400, false)]
    [InlineData("d14:failure reason4:busy5:peers6:iiiippe", null, false)]
    public void A_failure_wins_and_says_when_to_retry(string body, int? seconds, bool never)
    {
        AnnounceReply reply = Parse(body);
        Assert.Equal("busy", reply.FailureReason);
        Assert.Equal(seconds, (int?)reply.RetryIn?.TotalSeconds);
        Assert.Equal(never, reply.NeverRetry);
        Assert.Empty(reply.Peers);
    }

    [Fact]
    public void No_more_than_200_peers_are_taken()
    {
        byte[] peers = [.. Enumerable.Range(0, 5000).SelectMany(i => new byte[] { 1, 2, (byte)(i >> 8), (byte)i, 1, 1 })];
        byte[] compact = new BWriter().BeginDictionary().Key("peers"u8).String(peers).Key("peers6"u8).String(new byte[18 * 300]).End().ToArray();
        Assert.Equal(Limits.TrackerPeersPerAnswer, Parse(compact).Peers.Count);
        var writer = new BWriter().BeginDictionary().Key("peers"u8).BeginList();
        for (int i = 0; i < 1000; i++)
            writer.BeginDictionary().Key("ip"u8).Text("1.2.3.4").Key("port"u8).Integer(1 + i).End();
        Assert.Equal(Limits.TrackerPeersPerAnswer, Parse(writer.End().End().ToArray()).Peers.Count);
    }

    [Fact]
    public void Nesting_ends_at_32_levels_and_values_at_ten_thousand()
    {
        Assert.True(Reads(new string('l', Limits.WireBencodeDepth - 1) + new string('e', Limits.WireBencodeDepth - 1)));
        Assert.False(Reads(new string('l', Limits.WireBencodeDepth) + new string('e', Limits.WireBencodeDepth)));
        // The dictionary, its two keys, the peers and the list are values as well.
        Assert.True(Reads("l" + string.Concat(Enumerable.Repeat("0:", Limits.WireBencodeTokens - 5)) + "e"));
        Assert.False(Reads("l" + string.Concat(Enumerable.Repeat("0:", Limits.WireBencodeTokens - 4)) + "e"));
        static bool Reads(string value) => HttpAnnounceReply.TryParse(Encoding.ASCII.GetBytes("d5:peers0:1:x" + value + "e"), out _, out _);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>404</html>")]
    [InlineData("de")]
    [InlineData("le")]
    [InlineData("i1e")]
    [InlineData("4:spam")]
    public void What_no_tracker_sends_is_refused(string body)
    {
        Assert.False(HttpAnnounceReply.TryParse(Encoding.ASCII.GetBytes(body), out _, out string? error));
        Assert.NotNull(error);
    }

    [Fact]
    public void No_peers_is_an_answer_and_a_newline_behind_it_is_forgiven()
    {
        AnnounceReply reply = Parse("d8:intervali1800e5:peers0:e\r\n");
        Assert.Empty(reply.Peers);
        Assert.Null(reply.FailureReason);
    }

    [Theory]
    [InlineData("d8:intervali-5ee", null)]
    [InlineData("d8:interval1:5e", null)]
    [InlineData("d8:intervali9223372036854775807ee", 86400)]
    public void Intervals_stay_in_bounds(string body, int? seconds) => Assert.Equal(seconds, (int?)Parse(body).Interval?.TotalSeconds);

    [Fact]
    public void A_long_reason_is_cut()
    {
        byte[] body = new BWriter().BeginDictionary().Key("failure reason"u8).Text(new string('é', 100_000)).End().ToArray();
        Assert.Equal(new string('é', Limits.TrackerTextLength), Parse(body).FailureReason);
    }

    [Fact]
    public void A_cut_answer_is_refused_at_every_byte()
    {
        for (int length = 0; length < Full.Length; length++)
            Assert.False(HttpAnnounceReply.TryParse(Full.AsMemory(0, length), out _, out _), $"cut at {length}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(77)]
    public void Damaged_answers_never_throw_and_keep_the_bounds(int seed)
    {
        foreach (byte[] body in Mutations.Of(Full, 5000, seed))
        {
            if (HttpAnnounceReply.TryParse(body, out AnnounceReply reply, out _))
                Assert.True(reply.Peers.Count <= Limits.TrackerPeersPerAnswer && reply.Peers.All(p => p.Port != 0), $"seed {seed}");
        }
    }
}
