using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class DialTests
{
    [Fact]
    public void Dials_keep_to_the_half_open_and_link_budget_and_to_the_rate()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.SetBudget(new ConnectionBudget(40, 10), TimeSpan.Zero);
        swarm.AddCandidates(Many(500), PeerSource.Tracker, TimeSpan.Zero);
        int opened = 0, total = 0;
        TimeSpan now = TimeSpan.Zero;
        for (int step = 0; step < 20; step++)
        {
            List<PeerAddress> dials = Dials(swarm);
            total += dials.Count;
            Assert.InRange(dials.Count, 0, 10);
            Assert.InRange(swarm.Snapshot(now).HalfOpen + opened, 0, 40);
            foreach (PeerAddress address in dials)
                swarm.LinkOpened(++opened, address, true, true, now);
            if (step == 8)
                Assert.Equal(30, total);
            now += TimeSpan.FromMilliseconds(100);
            if (swarm.NextDeadline <= now)
                swarm.Advance(now);
        }
        Assert.Equal(40, opened);
        Assert.Equal(0, swarm.Snapshot(now).HalfOpen);
    }

    [Fact]
    public void A_failed_dial_makes_room_for_the_next()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.SetBudget(new ConnectionBudget(40, 1), TimeSpan.Zero);
        swarm.AddCandidates(Many(2), PeerSource.Tracker, TimeSpan.Zero);
        PeerAddress first = Assert.Single(Dials(swarm));
        swarm.DialFailed(first, TimeSpan.FromSeconds(1));
        PeerAddress second = Assert.Single(Dials(swarm));
        Assert.NotEqual(first, second);
        swarm.DialFailed(second, TimeSpan.FromSeconds(2));
        Assert.Empty(Dials(swarm));
        Assert.Equal(TimeSpan.FromSeconds(61), swarm.NextDeadline);
        swarm.NetworkChanged(TimeSpan.FromSeconds(3));
        Assert.Single(Dials(swarm));
    }

    [Fact]
    public void A_paused_swarm_closes_its_links_dials_nobody_and_keeps_what_it_hears_of()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.LinkOpened(1, VirtualSwarm.Address(1), false, true, TimeSpan.Zero);
        Drain(swarm);
        swarm.SetPaused(true, TimeSpan.Zero);
        Assert.Equal(2, swarm.AddCandidates(Many(2), PeerSource.Tracker, TimeSpan.Zero));
        Assert.Equal([SwarmOutputKind.Close], Drain(swarm).Select(o => o.Kind));
        swarm.LinkClosed(1, false, TimeSpan.Zero);
        Assert.Equal(TimeSpan.MaxValue, swarm.NextDeadline);
        swarm.SetPaused(false, TimeSpan.FromSeconds(100));
        Assert.Equal(2, Dials(swarm).Count);
    }

    [Fact]
    public void What_peers_say_before_the_metadata_is_known_counts_once_it_is()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        var map = new PieceMap(20, 32768, 20 * 32768);
        for (int link = 1; link <= 4; link++)
            swarm.LinkOpened(link, VirtualSwarm.Address(link), false, true, TimeSpan.Zero);
        Assert.Equal(SwarmError.None, swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), TimeSpan.Zero));
        Assert.Equal(SwarmError.None, swarm.Handle(2, PeerMessage.Bitfield(new byte[] { 0x80, 0, 0 }), TimeSpan.Zero));
        Assert.Equal(SwarmError.None, swarm.Handle(3, PeerMessage.Have(19), TimeSpan.Zero));
        Assert.Equal(SwarmError.None, swarm.Handle(4, PeerMessage.Have(20), TimeSpan.Zero));
        Drain(swarm);
        var have = new PieceSet(20);
        have.Add(0);
        var wanted = new PieceSet(20);
        wanted.Fill();
        swarm.Arm(map, have, wanted, TimeSpan.FromSeconds(1));

        List<SwarmOutput> told = Drain(swarm);
        Assert.Equal([1, 3], told.Where(o => o.Message.Kind == PeerMessageKind.Interested && o.Kind == SwarmOutputKind.Send).Select(o => o.Link).Order());
        Assert.Equal([4], told.Where(o => o.Kind == SwarmOutputKind.Close).Select(o => o.Link));
        Assert.Equal([3], told.Where(o => o.Kind == SwarmOutputKind.Send && o.Message.Kind == PeerMessageKind.Have).Select(o => o.Link));
        Assert.Equal(1, (int)swarm.Snapshot(TimeSpan.FromSeconds(1)).DistributedCopies);
    }

    [Fact]
    public void Complete_peers_part_once_we_are_complete()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        var map = new PieceMap(1, 16384, 16384);
        var all = new PieceSet(1);
        all.Fill();
        swarm.Arm(map, new PieceSet(1), all, TimeSpan.Zero);
        for (int link = 1; link <= 3; link++)
            swarm.LinkOpened(link, VirtualSwarm.Address(link), true, true, TimeSpan.Zero);
        swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), TimeSpan.Zero);
        swarm.SetUploadOnly(2, true, TimeSpan.Zero);
        Drain(swarm);
        swarm.PieceVerified(0, TimeSpan.FromSeconds(1));
        List<SwarmOutput> told = Drain(swarm);
        Assert.Equal([1, 2], told.Where(o => o.Kind == SwarmOutputKind.Close).Select(o => o.Link).Order());
        Assert.Equal([2, 3], told.Where(o => o.Kind == SwarmOutputKind.Send && o.Message.Kind == PeerMessageKind.Have).Select(o => o.Link).Order());
        Assert.Single(told, o => o.Kind == SwarmOutputKind.Completed);
    }

    [Fact]
    public void Peer_exchange_tells_who_came_and_who_went()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.SetBudget(new ConnectionBudget(200, 10), TimeSpan.Zero);
        for (int link = 1; link <= 80; link++)
            swarm.LinkOpened(link, VirtualSwarm.Address(link), true, true, TimeSpan.Zero);
        swarm.SetTakesPex(1, true);
        PexDelta first = Pex(swarm, 60)!, second = Pex(swarm, 120)!;
        Assert.Equal((50, 29), (first.Added.Count, second.Added.Count));
        Assert.Null(Pex(swarm, 180));
        swarm.LinkClosed(5, false, TimeSpan.FromSeconds(181));
        Assert.Equal([VirtualSwarm.Address(5)], Pex(swarm, 240)!.Dropped);
        swarm.SetPrivate(true);
        swarm.LinkClosed(6, false, TimeSpan.FromSeconds(241));
        Assert.Null(Pex(swarm, 300));
    }

    private static PexDelta? Pex(TorrentSwarm swarm, int second)
    {
        swarm.Advance(TimeSpan.FromSeconds(second));
        return Drain(swarm).SingleOrDefault(o => o.Kind == SwarmOutputKind.Pex).Pex;
    }

    private static PeerAddress[] Many(int count) => [.. Enumerable.Range(0, count).Select(VirtualSwarm.Address)];

    private static List<PeerAddress> Dials(TorrentSwarm swarm)
        => [.. Drain(swarm).Where(o => o.Kind == SwarmOutputKind.Dial).Select(o => o.Address)];

    private static List<SwarmOutput> Drain(TorrentSwarm swarm)
    {
        List<SwarmOutput> outputs = [];
        while (swarm.TryTake(out SwarmOutput output))
            outputs.Add(output);
        return outputs;
    }
}
