using CcBt.Core.Addressing;
using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

/// <summary>What becomes of dials and of those whose links end.</summary>
public sealed class DialerTests
{
    private static readonly TimeSpan Later = TimeSpan.FromHours(3);

    private readonly LinkTable _links = new();
    private readonly Outbox _outbox = new();
    private readonly PeerPool _pool = new(new SwarmOptions(), new Random(1));
    private readonly Dialer _dialer;

    public DialerTests() => _dialer = new Dialer(_pool, _links, _outbox);

    [Theory]
    [InlineData(true, false, false, false)]
    [InlineData(true, true, false, true)]
    [InlineData(true, false, true, true)]
    [InlineData(false, false, false, true)]
    public void Those_given_up_are_dialed_again_while_nobody_that_is_linked_gives(bool amInterested, bool isClosing, bool isSnubbed, bool isDialed)
    {
        GiveUp(Name(1));
        _links.Add(new SwarmLink(9, VirtualSwarm.Address(9), true, true, TimeSpan.Zero) { AmInterested = amInterested, IsClosing = isClosing, IsSnubbed = isSnubbed });
        _dialer.Wake();
        Assert.Equal(isDialed ? 1 : 0, Dials(Later).Count);
    }

    [Fact]
    public void Once_nothing_is_lacking_nobody_given_up_is_dialed()
    {
        GiveUp(Name(1));
        _dialer.Wake();
        Assert.Empty(Dials(Later, seedsHelp: false));
    }

    [Fact]
    public void A_dial_to_an_address_that_was_forgotten_makes_room_for_one_when_it_fails()
    {
        PeerAddress[] dialed = [Name(1), Name(2), Name(3)];
        _dialer.Wake();
        Assert.Equal(3, Dials(TimeSpan.Zero).Count);
        _pool.AddOwn(dialed[0]);
        _dialer.Failed(dialed[0], TimeSpan.Zero);
        Assert.Equal(2, _dialer.HalfOpen);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(1, 0, true)]
    [InlineData(0, 1, true)]
    public void Who_gave_or_took_is_remembered_for_it(int given, int taken, bool isRemembered)
    {
        var link = new SwarmLink(1, Name(1), true, true, TimeSpan.Zero);
        _dialer.Opened(link, TimeSpan.Zero);
        link.Gave(given, given, TimeSpan.Zero);
        link.Upload.Add(taken, TimeSpan.Zero);
        _dialer.Closed(link, wasFailure: false, Later);
        Assert.Equal(isRemembered ? Later : (TimeSpan?)null, _pool.Find(link.Address)!.UsefulAt);
    }

    private PeerAddress Name(int number)
    {
        PeerAddress address = VirtualSwarm.Address(number);
        _pool.Add([address], PeerSource.Tracker, null, TimeSpan.Zero);
        return address;
    }

    private void GiveUp(PeerAddress address)
    {
        for (int failure = 0; failure < Limits.PeerFailures; failure++)
            _pool.Failed(_pool.Find(address)!, TimeSpan.Zero);
    }

    private List<PeerAddress> Dials(TimeSpan now, bool seedsHelp = true)
    {
        _dialer.Settle(now, seedsHelp);
        List<PeerAddress> dials = [];
        while (_outbox.TryTake(out SwarmOutput output))
            dials.Add(output.Address);
        return dials;
    }
}
