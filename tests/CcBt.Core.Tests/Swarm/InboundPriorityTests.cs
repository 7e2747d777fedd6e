using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>Who loses when the connection limit is reached (BEP 40).</summary>
public sealed class InboundPriorityTests
{
    private const int Most = 5;
    private static readonly PeerAddress Own = VirtualSwarm.Address(7_000);

    /// <summary>Addresses by their canonical priority, the lowest first.</summary>
    private static readonly PeerAddress[] Ranked = [.. Enumerable.Range(1, 100).Select(VirtualSwarm.Address).OrderBy(a => PeerPriority.Compute(Own, a))];

    private readonly TorrentSwarm _swarm = new(new SwarmOptions(), new Random(1));

    public InboundPriorityTests()
    {
        _swarm.SetExternalAddress(Own);
        _swarm.SetBudget(new ConnectionBudget(Most, 0), TimeSpan.Zero);
        for (int i = 0; i < Most; i++)
            Arrive(10 + i);
        Assert.Empty(Closed());
    }

    [Fact]
    public void A_newcomer_of_higher_priority_takes_the_place_of_the_lowest()
    {
        Arrive(50);
        Assert.Equal([10], Closed());
        // Also while the one that went has not gone yet.
        Arrive(60);
        Assert.Equal([11], Closed());
        _swarm.SetBudget(new ConnectionBudget(Most, 0), TimeSpan.Zero);
        Assert.Empty(Closed());
    }

    [Fact]
    public void A_newcomer_of_lower_priority_is_refused()
    {
        Arrive(9);
        Assert.Equal([9], Closed());
    }

    [Fact]
    public void Peers_that_we_dialed_or_serve_keep_their_place()
    {
        _swarm.LinkClosed(10, false, TimeSpan.Zero);
        _swarm.LinkOpened(1, Ranked[1], true, true, TimeSpan.Zero);
        var map = new PieceMap(4, 16384, 4 * 16384);
        var have = new PieceSet(4);
        have.Fill();
        _swarm.Arm(map, have, have, TimeSpan.Zero);
        _swarm.SetUnchokeSlots(1, TimeSpan.Zero);
        _swarm.Handle(11, new PeerMessage(PeerMessageKind.HaveNone), TimeSpan.Zero);
        _swarm.Handle(11, new PeerMessage(PeerMessageKind.Interested), TimeSpan.Zero);
        Assert.Contains(Outputs.Of(_swarm), o => o.Kind == SwarmOutputKind.Unchoke && o.Link == 11);
        Arrive(50);
        Assert.Equal([12], Closed());
    }

    [Fact]
    public void A_peer_that_is_asked_for_a_single_block_keeps_its_place()
    {
        var all = new PieceSet(4);
        all.Fill();
        _swarm.Arm(new PieceMap(4, 16384, 4 * 16384), new PieceSet(4), all, TimeSpan.Zero);
        _swarm.SetRequestLimit(10, 1);
        _swarm.Handle(10, new PeerMessage(PeerMessageKind.HaveAll), TimeSpan.Zero);
        _swarm.Handle(10, new PeerMessage(PeerMessageKind.Unchoke), TimeSpan.Zero);
        Outputs.Of(_swarm);
        Assert.Equal(1, _swarm.Link(10, TimeSpan.Zero)!.Value.BlocksInFlight);
        Arrive(50);
        Assert.Equal([11], Closed());
    }

    [Fact]
    public void Without_a_priority_the_newcomer_is_refused()
    {
        _swarm.LinkOpened(200, PeerAddress.FromV4(0x0A000001, 5), false, true, TimeSpan.Zero);
        Assert.Equal([200], Closed());
        var unseen = new TorrentSwarm(new SwarmOptions(), new Random(1));
        unseen.SetBudget(new ConnectionBudget(1, 0), TimeSpan.Zero);
        unseen.LinkOpened(1, Ranked[0], false, true, TimeSpan.Zero);
        unseen.LinkOpened(2, Ranked[99], false, true, TimeSpan.Zero);
        Assert.Equal([2], Outputs.Of(unseen).Where(o => o.Kind == SwarmOutputKind.Close).Select(o => o.Link));
    }

    private void Arrive(int rank) => _swarm.LinkOpened(rank, Ranked[rank], false, true, TimeSpan.Zero);

    private List<int> Closed() => [.. Outputs.Of(_swarm).Where(o => o.Kind == SwarmOutputKind.Close).Select(o => o.Link)];
}
