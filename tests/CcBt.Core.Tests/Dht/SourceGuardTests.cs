using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class SourceGuardTests
{
    private static readonly TimeSpan s_now = TimeSpan.FromHours(1);
    private readonly SourceGuard _guard = new();

    [Fact]
    public void Fifty_queries_in_ten_seconds_are_answered_and_one_more_blocks_for_five_minutes()
    {
        PeerAddress source = NodeProbe.Global(1);
        for (int i = 0; i < Limits.DhtQueriesPerSource; i++)
            Assert.True(_guard.Admit(source.WithPort((ushort)(1 + i)), s_now));
        TimeSpan blocked = s_now + TimeSpan.FromSeconds(9.9);
        Assert.False(_guard.Admit(source, blocked));
        Assert.False(_guard.Admit(source, blocked + TimeSpan.FromSeconds(299.9)));
        Assert.True(_guard.Admit(source, blocked + TimeSpan.FromSeconds(300)));
        Assert.True(_guard.Admit(NodeProbe.Global(2), blocked));
    }

    [Fact]
    public void A_window_begins_anew_after_ten_seconds()
    {
        PeerAddress source = NodeProbe.Global(1);
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < Limits.DhtQueriesPerSource; i++)
                Assert.True(_guard.Admit(source, s_now + TimeSpan.FromSeconds(10 * round)));
        }
    }

    [Fact]
    public void Local_sources_are_not_counted_and_an_IPv6_network_counts_as_one()
    {
        for (int i = 0; i < 200; i++)
            Assert.True(_guard.Admit(PeerAddress.FromV4(0x0A000001, 1), s_now));
        Assert.Equal(0, _guard.Count);
        int admitted = 0;
        for (int i = 0; i < 200; i++)
            admitted += _guard.Admit(PeerAddress.FromBytes([0x26, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte)i], 1), s_now) ? 1 : 0;
        Assert.Equal((Limits.DhtQueriesPerSource, 1), (admitted, _guard.Count));
    }

    [Fact]
    public void Quiet_sources_are_forgotten_when_there_are_too_many_and_blocked_ones_stay()
    {
        PeerAddress flooder = NodeProbe.Global(0);
        for (int i = 0; i <= Limits.DhtQueriesPerSource; i++)
            _guard.Admit(flooder, s_now);
        for (int i = 1; i < Limits.DhtCountedSources; i++)
            _guard.Admit(NodeProbe.Global(i), s_now);
        Assert.Equal(Limits.DhtCountedSources, _guard.Count);
        // A full book admits without counting, so that it costs no memory.
        for (int i = 0; i < 2 * Limits.DhtQueriesPerSource; i++)
            Assert.True(_guard.Admit(NodeProbe.Global(9000), s_now + TimeSpan.FromSeconds(9)));
        Assert.Equal(Limits.DhtCountedSources, _guard.Count);
        Assert.True(_guard.Admit(NodeProbe.Global(9001), s_now + TimeSpan.FromSeconds(10)));
        Assert.Equal(2, _guard.Count);
        Assert.False(_guard.Admit(flooder, s_now + TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_full_book_is_looked_through_once_a_second_at_the_most()
    {
        for (int i = 0; i < Limits.DhtCountedSources; i++)
            _guard.Admit(NodeProbe.Global(i), s_now);
        Assert.True(_guard.Admit(NodeProbe.Global(9000), s_now + TimeSpan.FromSeconds(9.5)));
        Assert.True(_guard.Admit(NodeProbe.Global(9000), s_now + TimeSpan.FromSeconds(10.4)));
        Assert.Equal(Limits.DhtCountedSources, _guard.Count);
        Assert.True(_guard.Admit(NodeProbe.Global(9000), s_now + TimeSpan.FromSeconds(10.5)));
        Assert.Equal(1, _guard.Count);
    }

    [Fact]
    public void The_last_free_place_is_taken_before_anybody_is_forgotten()
    {
        for (int i = 0; i < Limits.DhtCountedSources - 1; i++)
            _guard.Admit(NodeProbe.Global(i), s_now);
        Assert.True(_guard.Admit(NodeProbe.Global(9000), s_now + TimeSpan.FromMinutes(1)));
        Assert.Equal(Limits.DhtCountedSources, _guard.Count);
    }

    [Fact]
    public void The_one_place_that_a_quiet_source_leaves_is_taken_at_once()
    {
        _guard.Admit(NodeProbe.Global(0), s_now);
        for (int i = 1; i < Limits.DhtCountedSources; i++)
            _guard.Admit(NodeProbe.Global(i), s_now + TimeSpan.FromSeconds(5));
        Assert.True(_guard.Admit(NodeProbe.Global(9000), s_now + TimeSpan.FromSeconds(10)));
        Assert.Equal(Limits.DhtCountedSources, _guard.Count);
    }
}
