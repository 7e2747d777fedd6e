using CcBt.Core.Tests.Time;
using CcBt.Core.Transport;

namespace CcBt.Core.Tests.Transport;

public sealed class LinkClockTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    internal void Each_phase_has_its_bound()
    {
        Assert.Equal((Limits.ConnectSeconds, LinkCloseReason.ConnectTimeout), Expire(static _ => { }));
        Assert.Equal((Limits.HandshakeSeconds, LinkCloseReason.HandshakeTimeout), Expire(static c => c.Enter(LinkPhase.Handshaking)));
        Assert.Equal((Limits.IdleSeconds, LinkCloseReason.Idle), Expire(static c => c.Enter(LinkPhase.Waiting)));
        Assert.Equal((Limits.IdleSeconds, LinkCloseReason.Idle), Expire(static c => c.Enter(LinkPhase.Running)));
    }

    [Fact]
    internal void A_message_under_way_and_a_send_that_stalls_have_theirs()
    {
        Assert.Equal((Limits.MessageSeconds, LinkCloseReason.MessageTimeout), Expire(static c =>
        {
            c.Enter(LinkPhase.Running);
            c.Received(1, isMidMessage: true, messageCount: 0);
        }));
        Assert.Equal((Limits.MessageSeconds, LinkCloseReason.MessageTimeout), Expire(static c =>
        {
            c.Enter(LinkPhase.Running);
            c.SendBegins();
        }));
    }

    [Fact]
    public void While_we_do_not_read_the_peer_is_not_blamed()
    {
        using LinkSweep sweep = new(_time);
        LinkClock clock = new(sweep);
        clock.Enter(LinkPhase.Running);
        clock.Received(1, isMidMessage: true, messageCount: 0);
        clock.Hold();
        _time.Advance(TimeSpan.FromSeconds(1_000));
        Assert.Null(clock.Expired());
        clock.Resume();
        _time.Advance(TimeSpan.FromSeconds(Limits.MessageSeconds - 1));
        Assert.Null(clock.Expired());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(LinkCloseReason.MessageTimeout, clock.Expired());
    }

    [Fact]
    public void A_new_message_gets_its_own_time()
    {
        using LinkSweep sweep = new(_time);
        LinkClock clock = new(sweep);
        clock.Enter(LinkPhase.Running);
        for (int message = 0; message < 20; message++)
        {
            clock.Received(100, isMidMessage: true, messageCount: message);
            _time.Advance(TimeSpan.FromSeconds(100));
            Assert.Null(clock.Expired());
        }
    }

    private (int Seconds, LinkCloseReason Reason) Expire(Action<LinkClock> begin)
    {
        using LinkSweep sweep = new(_time);
        LinkClock clock = new(sweep);
        begin(clock);
        for (int seconds = 1; seconds < 1_000; seconds++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            if (clock.Expired() is { } reason)
                return (seconds, reason);
        }
        return default;
    }
}
