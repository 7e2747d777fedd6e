using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>How long a peer may owe blocks, or be of no use.</summary>
public sealed class PatienceTests
{
    private static readonly PieceMap Map = new(2, 20 * BlockAddress.Size, 40 * BlockAddress.Size);

    [Fact]
    public void Without_a_block_for_twenty_seconds_all_but_one_request_go_to_others()
    {
        TorrentSwarm swarm = Asking(out List<BlockAddress> asked);
        Assert.True(asked.Count > 2);
        Assert.Empty(CancelledBy(swarm, Limits.SnubSeconds - 1));
        Assert.False(swarm.Link(1, TimeSpan.FromSeconds(Limits.SnubSeconds - 1))!.Value.IsSnubbed);
        Assert.Equal(asked.Count - 1, CancelledBy(swarm, Limits.SnubSeconds).Count);
        Assert.True(swarm.Link(1, TimeSpan.FromSeconds(Limits.SnubSeconds))!.Value.IsSnubbed);
    }

    [Fact]
    public void A_request_is_taken_back_after_a_minute_even_if_others_are_served()
    {
        TorrentSwarm swarm = Asking(out List<BlockAddress> asked);
        BlockAddress passedOver = asked[0];
        var cancelled = new List<BlockAddress>();
        int next = 1;
        for (int second = 1; second < Limits.RequestSeconds; second++)
        {
            if (second % 5 == 0)
                swarm.BlocksReceived(1, [new BlockReceipt(asked[next++], true)], 1, TimeSpan.FromSeconds(second));
            cancelled.AddRange(CancelledBy(swarm, second));
        }
        Assert.DoesNotContain(passedOver, cancelled);
        Assert.Contains(passedOver, CancelledBy(swarm, Limits.RequestSeconds));
    }

    [Fact]
    public void A_peer_without_interest_on_either_side_makes_room_after_five_minutes()
    {
        TorrentSwarm swarm = Full();
        Assert.DoesNotContain(Said(swarm, Limits.IdleLinkSeconds - 1), o => o.Kind == SwarmOutputKind.Close);
        SwarmOutput close = Assert.Single(Said(swarm, Limits.IdleLinkSeconds), o => o.Kind == SwarmOutputKind.Close);
        Assert.Equal(SwarmCloseReason.Idle, close.Reason);
    }

    [Fact]
    public void A_snubbed_peer_that_wants_nothing_makes_room_after_two_minutes()
    {
        TorrentSwarm swarm = Asking(out _);
        MakeWait(swarm);
        int snubbedAt = Limits.SnubSeconds;
        Said(swarm, snubbedAt);
        Assert.DoesNotContain(Said(swarm, snubbedAt + Limits.SnubbedLinkSeconds - 1), o => o.Kind == SwarmOutputKind.Close);
        SwarmOutput close = Assert.Single(Said(swarm, snubbedAt + Limits.SnubbedLinkSeconds), o => o.Kind == SwarmOutputKind.Close);
        Assert.Equal(SwarmCloseReason.Snubbed, close.Reason);
    }

    /// <summary>A swarm whose only peer has everything, lets us download and was asked.</summary>
    private static TorrentSwarm Asking(out List<BlockAddress> asked)
    {
        TorrentSwarm swarm = Full();
        swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), TimeSpan.Zero);
        swarm.Handle(1, new PeerMessage(PeerMessageKind.Unchoke), TimeSpan.Zero);
        asked = [];
        while (swarm.TryTake(out SwarmOutput output))
        {
            if (output.Kind == SwarmOutputKind.Lease)
                asked.AddRange(swarm.Blocks);
        }
        return swarm;
    }

    /// <summary>A swarm with one link, for which there is room, and another address that waits for that room.</summary>
    private static TorrentSwarm Full()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.SetBudget(new ConnectionBudget(1, 1), TimeSpan.Zero);
        var wanted = new PieceSet(Map.PieceCount);
        wanted.Fill();
        swarm.Arm(Map, new PieceSet(Map.PieceCount), wanted, TimeSpan.Zero);
        swarm.LinkOpened(1, VirtualSwarm.Address(1), true, true, TimeSpan.Zero);
        MakeWait(swarm);
        return swarm;
    }

    private static void MakeWait(TorrentSwarm swarm)
    {
        swarm.AddCandidates([VirtualSwarm.Address(2)], PeerSource.Tracker, TimeSpan.Zero);
        Outputs.Of(swarm);
    }

    private static List<SwarmOutput> Said(TorrentSwarm swarm, int second)
    {
        swarm.Advance(TimeSpan.FromSeconds(second));
        return Outputs.Of(swarm);
    }

    private static List<BlockAddress> CancelledBy(TorrentSwarm swarm, int second)
    {
        swarm.Advance(TimeSpan.FromSeconds(second));
        var cancelled = new List<BlockAddress>();
        while (swarm.TryTake(out SwarmOutput output))
        {
            if (output.Kind == SwarmOutputKind.CancelBlocks)
                cancelled.AddRange(swarm.Blocks);
        }
        return cancelled;
    }
}
