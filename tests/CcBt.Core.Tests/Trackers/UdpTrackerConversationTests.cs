using System.Buffers.Binary;
using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

public sealed class UdpTrackerConversationTests
{
    private static readonly PeerAddress Tracker = PeerAddress.FromV4(0x01020304, 80);
    private readonly UdpTrackerConversation _conversation = new(Tracker, new Random(5));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>The actions of the datagrams that are ready, with their transactions.</summary>
    private List<(int Action, byte[] Packet)> Sent()
    {
        var sent = new List<(int, byte[])>();
        while (_conversation.TryTakeDatagram(out ReadOnlyMemory<byte> datagram))
            sent.Add((BinaryPrimitives.ReadInt32BigEndian(datagram.Span[8..]), datagram.ToArray()));
        return sent;
    }

    private static byte[] Answer(int action, byte[] request, params byte[] rest)
    {
        byte[] answer = [0, 0, 0, (byte)action, .. request[12..16], .. rest];
        return answer;
    }

    private static byte[] ConnectAnswer(byte[] request) => Answer(0, request, 9, 9, 9, 9, 9, 9, 9, 9);

    private static byte[] AnnounceAnswer(byte[] request) => Answer(1, request, 0, 0, 7, 8, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6);

    private void Announce(int id, double until, double now) => _conversation.Announce(id, AnnounceSamples.Request(), "/announce", At(until), At(now));

    private UdpTrackerOutcome Outcome()
    {
        Assert.True(_conversation.TryTakeOutcome(out UdpTrackerOutcome outcome));
        return outcome;
    }

    [Fact]
    public void Connects_announces_and_keeps_the_connection_for_a_minute()
    {
        Announce(1, 120, 0);
        (int action, byte[] connect) = Assert.Single(Sent());
        Assert.Equal(0, action);
        Assert.True(_conversation.Handle(ConnectAnswer(connect), At(1)));
        (action, byte[] announce) = Assert.Single(Sent());
        Assert.Equal((1, "0909090909090909"), (action, Convert.ToHexString(announce[..8])));
        Assert.True(_conversation.Handle(AnnounceAnswer(announce), At(2)));
        UdpTrackerOutcome outcome = Outcome();
        Assert.Equal((1, TrackerFailure.None, "1.2.3.4:1286"), (outcome.RequestId, outcome.Failure, outcome.Announce!.Peers[0].ToString()));
        Assert.True(_conversation.IsIdle);
        Assert.Null(_conversation.NextDeadline);
        _conversation.Scrape(2, [AnnounceSamples.Hash], At(120), At(60));
        Assert.Equal(2, Assert.Single(Sent()).Action);
        Announce(3, 120, 61);
        Assert.Equal(0, Assert.Single(Sent()).Action);
    }

    [Fact]
    public void Lost_connects_are_sent_again_on_the_doubling_schedule()
    {
        Announce(1, 20_000, 0);
        var at = new List<double>();
        for (double now = 0; _conversation.NextDeadline is TimeSpan next; now = next.TotalSeconds)
        {
            _conversation.Advance(At(now));
            at.AddRange(Sent().Select(_ => now));
            if (_conversation.IsIdle)
                break;
            Assert.True(_conversation.NextDeadline > At(now));
        }
        Assert.Equal([0, 15, 45, 105, 225, 465, 945, 1905, 3825, 7665, 11505, 15345, 19185], at);
        Assert.Equal(TrackerFailure.TimedOut, Outcome().Failure);
    }

    [Theory]
    [InlineData(50, new double[] { 0, 15, 45, 60, 90 })]
    [InlineData(130, new double[] { 0, 15, 45, 105, 130, 145, 175 })]
    public void A_newcomer_does_not_wait_for_the_pauses_of_those_before(double begin, double[] sends)
    {
        Announce(1, 120, 0);
        var at = new List<double>();
        bool hasCome = false;
        for (double now = 0; at.Count < sends.Length; now = hasCome ? _conversation.NextDeadline!.Value.TotalSeconds : Math.Min(_conversation.NextDeadline?.TotalSeconds ?? begin, begin))
        {
            if (!hasCome && now == begin)
            {
                Announce(2, begin + 120, begin);
                hasCome = true;
            }
            _conversation.Advance(At(now));
            if (Sent().Count > 0)
                at.Add(now);
        }
        Assert.Equal(sends, at);
    }

    [Fact]
    public void Lost_announces_fetch_a_new_connection_when_the_old_one_is_over()
    {
        Announce(1, 1000, 0);
        Assert.True(_conversation.Handle(ConnectAnswer(Sent()[0].Packet), At(1)));
        _conversation.Advance(At(2));
        var log = new List<(double, int)>();
        while (_conversation.NextDeadline is TimeSpan next && next < At(500))
        {
            log.AddRange(Sent().Select(s => (next.TotalSeconds, s.Action)));
            _conversation.Advance(next);
            log.AddRange(Sent().Select(s => (next.TotalSeconds, s.Action)));
        }
        Assert.Equal([(16, 1), (16, 1), (46, 1), (106, 0), (226, 0), (466, 0)], log);
    }

    [Fact]
    public void One_connection_serves_all_that_wait_for_it()
    {
        Announce(1, 60, 0);
        Announce(2, 60, 0);
        _conversation.Scrape(3, [AnnounceSamples.Hash], At(60), At(0));
        byte[] connect = Assert.Single(Sent()).Packet;
        _conversation.Handle(ConnectAnswer(connect), At(1));
        List<(int Action, byte[] Packet)> sent = Sent();
        Assert.Equal([1, 1, 2], sent.Select(s => s.Action));
        Assert.Equal(3, sent.Select(s => Convert.ToHexString(s.Packet[12..16])).Distinct().Count());
        _conversation.Handle(Answer(2, sent[2].Packet, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3), At(2));
        Assert.Equal(3, Outcome().Scrape!.Entries[0].Leeches);
        _conversation.Handle(AnnounceAnswer(sent[1].Packet), At(2));
        Assert.Equal(2, Outcome().RequestId);
        _conversation.Cancel(1);
        Assert.False(_conversation.Handle(AnnounceAnswer(sent[0].Packet), At(2)));
        Assert.True(_conversation.IsIdle);
    }

    [Fact]
    public void Answers_to_nothing_are_ignored()
    {
        Announce(1, 60, 0);
        byte[] connect = Sent()[0].Packet;
        byte[] forged = [.. connect];
        forged[15] ^= 1;
        Assert.False(_conversation.Handle(ConnectAnswer(forged), At(1)));
        Assert.False(_conversation.Handle(AnnounceAnswer(connect), At(1)));
        Assert.False(_conversation.Handle(Answer(0, connect, 1, 2, 3), At(1)));
        Assert.False(_conversation.Handle([], At(1)));
        Assert.True(_conversation.Handle(ConnectAnswer(connect), At(1)));
        Assert.False(_conversation.Handle(ConnectAnswer(connect), At(1)));
        byte[] announce = Sent()[0].Packet;
        Assert.False(_conversation.Handle(Answer(2, announce, new byte[12]), At(1)));
        Assert.False(_conversation.TryTakeOutcome(out _));
    }

    [Fact]
    public void Errors_end_the_request_and_the_connection()
    {
        Announce(1, 60, 0);
        _conversation.Handle(Answer(3, Sent()[0].Packet, (byte)'n', (byte)'o'), At(1));
        Assert.Equal("no", Outcome().Announce!.FailureReason);
        Announce(2, 60, 2);
        _conversation.Handle(ConnectAnswer(Sent()[0].Packet), At(3));
        _conversation.Handle(Answer(3, Sent()[0].Packet, (byte)'x'), At(4));
        UdpTrackerOutcome outcome = Outcome();
        Assert.Equal((TrackerFailure.Refused, "x"), (outcome.Failure, outcome.Announce!.FailureReason));
        Announce(3, 60, 5);
        Assert.Equal(0, Sent()[0].Action);
    }

    [Fact]
    public void A_short_announce_answer_is_a_failure()
    {
        Announce(1, 60, 0);
        _conversation.Handle(ConnectAnswer(Sent()[0].Packet), At(1));
        _conversation.Handle(Answer(1, Sent()[0].Packet, 1, 2, 3), At(1));
        Assert.Equal(TrackerFailure.InvalidAnswer, Outcome().Failure);
    }

    [Theory]
    [InlineData(11)]
    public void At_10_percent_loss_99_percent_get_through(int seed)
    {
        var random = new Random(seed);
        int answered = 0;
        for (int run = 0; run < 2000; run++)
            answered += RunLossy(random) ? 1 : 0;
        Assert.True(answered >= 1980, $"seed {seed}: {answered} of 2000");
    }

    private static bool RunLossy(Random random)
    {
        var conversation = new UdpTrackerConversation(Tracker, random);
        conversation.Announce(1, AnnounceSamples.Request(), "", At(Limits.UdpAnnounceSeconds), default);
        TimeSpan now = default;
        while (true)
        {
            while (conversation.TryTakeDatagram(out ReadOnlyMemory<byte> datagram))
            {
                if (random.NextDouble() < 0.1 || random.NextDouble() < 0.1)
                    continue;
                byte[] request = datagram.ToArray();
                conversation.Handle(request[11] == 0 ? ConnectAnswer(request) : AnnounceAnswer(request), now);
            }
            if (conversation.TryTakeOutcome(out UdpTrackerOutcome outcome))
                return outcome.Failure == TrackerFailure.None;
            now = conversation.NextDeadline!.Value;
            conversation.Advance(now);
        }
    }

    [Theory]
    [InlineData(21)]
    public void Damaged_datagrams_never_throw(int seed)
    {
        Announce(1, 1e6, 0);
        _conversation.Handle(ConnectAnswer(Sent()[0].Packet), At(1));
        byte[] valid = AnnounceAnswer(Sent()[0].Packet);
        foreach (byte[] datagram in Mutations.Of(valid, 20_000, seed))
        {
            _conversation.Handle(datagram, At(2));
            if (!_conversation.TryTakeOutcome(out _))
                continue;
            Announce(1, 1e6, 2);
            foreach ((int action, byte[] packet) in Sent())
            {
                if (action == 0)
                    _conversation.Handle(ConnectAnswer(packet), At(2));
            }
        }
    }
}
