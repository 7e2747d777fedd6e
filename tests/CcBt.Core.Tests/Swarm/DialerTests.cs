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
    public void As_soon_as_the_last_that_gives_gives_no_longer_those_given_up_are_dialed()
    {
        GiveUp(Name(1));
        var giver = new SwarmLink(9, VirtualSwarm.Address(9), true, true, TimeSpan.Zero) { AmInterested = true };
        _links.Add(giver);
        _dialer.Advance(seedsHelp: true);
        Assert.Empty(Dials(Later));
        giver.IsSnubbed = true;
        _dialer.Advance(seedsHelp: true);
        Assert.Single(Dials(Later));
    }

    [Fact]
    public void A_dial_that_began_before_its_address_was_forgotten_and_named_again_is_no_failure_of_the_new_entry()
    {
        PeerAddress address = VirtualSwarm.Address(1);
        _pool.Add([address], PeerSource.Dht, null, TimeSpan.Zero);
        _dialer.Wake();
        Assert.Single(Dials(TimeSpan.Zero));
        _pool.SetPrivate(true);
        Name(1);
        _dialer.Failed(address, TimeSpan.Zero);
        Assert.Equal((0, 0), (_pool.Find(address)!.Failures, _dialer.HalfOpen));
    }

    // Of a local address each port may be another peer, and an inbound one's port is not where it listens.
    [Theory]
    [InlineData(true, "81.2.3.4:6881", nameof(CandidateState.Idle), true)]
    [InlineData(true, "81.2.3.4:6881", nameof(CandidateState.Dialing), true)]
    [InlineData(true, "81.2.3.4:6881", nameof(CandidateState.Linked), false)]
    [InlineData(true, "192.168.1.2:6881", nameof(CandidateState.Idle), true)]
    [InlineData(false, "81.2.3.4:6881", nameof(CandidateState.Idle), true)]
    [InlineData(false, "81.2.3.4:6881", nameof(CandidateState.Dialing), false)]
    [InlineData(false, "81.2.3.4:6881", nameof(CandidateState.Linked), false)]
    [InlineData(false, "192.168.1.2:6881", nameof(CandidateState.Idle), false)]
    public void A_link_stands_for_its_address_when_no_other_does_and_it_is_one_peer(bool isOutbound, string text, string state, bool stands)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        _pool.Add([address], PeerSource.Tracker, null, TimeSpan.Zero);
        _pool.Find(address)!.State = Enum.Parse<CandidateState>(state);
        var link = new SwarmLink(1, address, isOutbound, true, TimeSpan.Zero);
        _dialer.Opened(link, TimeSpan.Zero);
        Assert.Equal(stands, link.Candidate is not null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_whose_address_nobody_named_stands_for_none(bool isOutbound)
    {
        var link = new SwarmLink(1, VirtualSwarm.Address(1), isOutbound, true, TimeSpan.Zero);
        _dialer.Opened(link, TimeSpan.Zero);
        Assert.Null(link.Candidate);
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
