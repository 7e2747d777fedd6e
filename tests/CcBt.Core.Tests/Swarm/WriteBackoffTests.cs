using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>A disk that refuses pieces does not have everything fetched for nothing.</summary>
public sealed class WriteBackoffTests
{
    private static readonly PieceMap Map = new(64, 64 * 1024, 64L * 64 * 1024);

    [Fact]
    public void A_disk_that_refuses_is_tried_less_and_less_often()
    {
        var backoff = new WriteBackoff(TimeSpan.FromSeconds(10));
        TimeSpan now = TimeSpan.Zero;
        double[] rests = new double[6];
        for (int i = 0; i < rests.Length; i++)
        {
            TimeSpan until = backoff.Failed(now);
            Assert.Equal(until, backoff.Failed(now + TimeSpan.FromSeconds(1)));
            Assert.True(backoff.IsOn(until - TimeSpan.FromTicks(1)));
            Assert.False(backoff.IsOn(until));
            rests[i] = (until - now).TotalSeconds;
            now = until;
        }
        Assert.Equal([10, 20, 40, 60, 60, 60], rests);
        backoff.Succeeded();
        Assert.Equal(now + TimeSpan.FromSeconds(10), backoff.Failed(now));
    }

    [Fact]
    public void A_piece_that_could_not_be_kept_stops_requests_until_the_rest_is_over()
    {
        TorrentSwarm swarm = Armed(out PeerAddress address);
        TimeSpan now = TimeSpan.FromSeconds(1);
        swarm.LinkOpened(1, address, true, true, now);
        swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), now);
        swarm.PieceWriteFailed(3, now);
        swarm.Handle(1, new PeerMessage(PeerMessageKind.Unchoke), now);
        Assert.Equal(0, Leased(swarm));
        swarm.Advance(now + TimeSpan.FromSeconds(9));
        Assert.Equal(0, Leased(swarm));
        swarm.Advance(now + TimeSpan.FromSeconds(11));
        Assert.True(Leased(swarm) > 0);
    }

    [Fact]
    public void A_failure_to_write_what_is_kept_already_stops_nothing()
    {
        TorrentSwarm swarm = Armed(out PeerAddress address);
        TimeSpan now = TimeSpan.FromSeconds(1);
        swarm.LinkOpened(1, address, true, true, now);
        swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), now);
        swarm.PieceVerified(3, now);
        swarm.PieceWriteFailed(3, now);
        swarm.Handle(1, new PeerMessage(PeerMessageKind.Unchoke), now);
        Assert.True(Leased(swarm) > 0);
    }

    private static int Leased(TorrentSwarm swarm)
    {
        int leased = 0;
        while (swarm.TryTake(out SwarmOutput output))
            leased += output.Kind == SwarmOutputKind.Lease ? swarm.Blocks.Length : 0;
        return leased;
    }

    private static TorrentSwarm Armed(out PeerAddress address)
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.SetBudget(new ConnectionBudget(50, 10), TimeSpan.Zero);
        var wanted = new PieceSet(Map.PieceCount);
        wanted.Fill();
        swarm.Arm(Map, new PieceSet(Map.PieceCount), wanted, TimeSpan.Zero);
        address = VirtualSwarm.Address(1);
        return swarm;
    }
}
