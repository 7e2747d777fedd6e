using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class ConversationTests
{
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
        Outputs.Of(swarm);
        var have = new PieceSet(20);
        have.Add(0);
        var wanted = new PieceSet(20);
        wanted.Fill();
        swarm.Arm(map, have, wanted, TimeSpan.FromSeconds(1));

        List<SwarmOutput> told = Outputs.Of(swarm);
        Assert.Equal([1, 3], told.Where(o => o.Message.Kind == PeerMessageKind.Interested && o.Kind == SwarmOutputKind.Send).Select(o => o.Link).Order());
        Assert.Equal([4], told.Where(o => o.Kind == SwarmOutputKind.Close).Select(o => o.Link));
        Assert.Equal([3], told.Where(o => o.Kind == SwarmOutputKind.Send && o.Message.Kind == PeerMessageKind.Have).Select(o => o.Link));
        Assert.Equal(1, (int)swarm.Snapshot(TimeSpan.FromSeconds(1)).DistributedCopies);
    }

    [Fact]
    public void Pieces_that_were_offered_before_the_metadata_is_known_must_exist()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        for (int link = 1; link <= 3; link++)
        {
            swarm.LinkOpened(link, VirtualSwarm.Address(link), false, true, TimeSpan.Zero);
            swarm.Handle(link, new PeerMessage(PeerMessageKind.HaveAll), TimeSpan.Zero);
            swarm.Handle(link, new PeerMessage(PeerMessageKind.Unchoke), TimeSpan.Zero);
        }
        Assert.Equal(SwarmError.None, swarm.Handle(1, new PeerMessage(PeerMessageKind.Suggest, new BlockAddress(2_000_000, 0, 0)), TimeSpan.Zero));
        Assert.Equal(SwarmError.None, swarm.Handle(2, PeerMessage.AllowedFast(20), TimeSpan.Zero));
        Assert.Equal(SwarmError.None, swarm.Handle(3, PeerMessage.AllowedFast(19), TimeSpan.Zero));
        var wanted = new PieceSet(20);
        wanted.Fill();
        swarm.Arm(new PieceMap(20, 32768, 20 * 32768), new PieceSet(20), wanted, TimeSpan.FromSeconds(1));

        List<SwarmOutput> told = Outputs.Of(swarm);
        Assert.Equal([1, 2], told.Where(o => o.Kind == SwarmOutputKind.Close).Select(o => o.Link).Order());
        Assert.All(told.Where(o => o.Kind == SwarmOutputKind.Lease), o => Assert.Equal(3, o.Link));
        Assert.Equal(1, swarm.Snapshot(TimeSpan.FromSeconds(1)).DistributedCopies);
    }

    [Fact]
    public void A_reject_of_another_length_frees_no_block()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        var wanted = new PieceSet(1);
        wanted.Fill();
        swarm.Arm(new PieceMap(1, 16384, 1000), new PieceSet(1), wanted, TimeSpan.Zero);
        swarm.LinkOpened(1, VirtualSwarm.Address(1), true, true, TimeSpan.Zero);
        swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), TimeSpan.Zero);
        swarm.Handle(1, new PeerMessage(PeerMessageKind.Unchoke), TimeSpan.Zero);
        Outputs.Of(swarm);
        Assert.Equal(1, swarm.Snapshot(TimeSpan.Zero).BlocksInFlight);
        swarm.Handle(1, PeerMessage.Reject(new BlockAddress(0, 0, 16384)), TimeSpan.Zero);
        Assert.Equal(1, swarm.Snapshot(TimeSpan.Zero).BlocksInFlight);
        swarm.Handle(1, PeerMessage.Reject(new BlockAddress(0, 0, 1000)), TimeSpan.Zero);
        Assert.Equal(0, swarm.Snapshot(TimeSpan.Zero).BlocksInFlight);
    }

    [Fact]
    public void Who_waits_for_requests_and_gets_a_piece_that_is_missing_is_asked_for_it_at_once()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        var wanted = new PieceSet(3);
        wanted.Fill();
        swarm.Arm(new PieceMap(3, 16384, 3 * 16384), new PieceSet(3), wanted, TimeSpan.Zero);
        swarm.LinkOpened(1, VirtualSwarm.Address(1), true, true, TimeSpan.Zero);
        swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveNone), TimeSpan.Zero);
        swarm.Handle(1, new PeerMessage(PeerMessageKind.Unchoke), TimeSpan.Zero);
        foreach (int piece in (int[])[1, 2])
        {
            Assert.DoesNotContain(Outputs.Of(swarm), o => o.Kind == SwarmOutputKind.Lease);
            swarm.Handle(1, PeerMessage.Have(piece), TimeSpan.Zero);
            Assert.Single(Outputs.Of(swarm), o => o.Kind == SwarmOutputKind.Lease);
        }
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
        Outputs.Of(swarm);
        swarm.PieceVerified(0, TimeSpan.FromSeconds(1));
        List<SwarmOutput> told = Outputs.Of(swarm);
        Assert.Equal([1, 2], told.Where(o => o.Kind == SwarmOutputKind.Close).Select(o => o.Link).Order());
        Assert.Equal([2, 3], told.Where(o => o.Kind == SwarmOutputKind.Send && o.Message.Kind == PeerMessageKind.Have).Select(o => o.Link).Order());
        Assert.Single(told, o => o.Kind == SwarmOutputKind.Completed);
    }
}
