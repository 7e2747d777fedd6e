using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class BudgetTests
{
    private static readonly PieceMap Small = new(100, 256 * 1024, 100L * 256 * 1024 - 5000);

    [Fact]
    public void A_rejecting_peer_is_not_asked_without_end()
    {
        var swarm = new VirtualSwarm(Small, 7);
        swarm.Add(new VirtualPeer(VirtualSwarm.Address(1)) { Rejects = true });
        swarm.Start().Run(TimeSpan.FromSeconds(50));
        Assert.InRange(swarm.Leases, 1, 200);
    }

    [Fact]
    public void Late_verdicts_hold_the_open_pieces_to_the_budget()
    {
        var options = new SwarmOptions { MaxOpenBytes = 8 * 256 * 1024 };
        var swarm = new VirtualSwarm(Small, 8, options) { VerdictDelay = TimeSpan.FromSeconds(1) };
        swarm.Add(new VirtualPeer(VirtualSwarm.Address(1)) { BytesPerSecond = 50_000_000 });
        int most = 0;
        swarm.Start().Run(TimeSpan.FromSeconds(60), () =>
        {
            most = Math.Max(most, swarm.Swarm.Snapshot(swarm.Now).OpenPieces);
            return swarm.CompletedAt is not null;
        });
        Assert.True(swarm.Store.Good.IsFull);
        Assert.Equal(8, most);
    }

    [Fact]
    public void Only_wanted_pieces_are_fetched_and_more_can_be_wanted_later()
    {
        var swarm = new VirtualSwarm(Small, 9);
        swarm.Add(new VirtualPeer(VirtualSwarm.Address(1)) { BytesPerSecond = 2_000_000 });
        var wanted = new PieceSet(Small.PieceCount);
        for (int piece = 10; piece < 20; piece++)
            wanted.Add(piece);
        Assert.True(swarm.Start(wanted: wanted).RunToEnd(TimeSpan.FromSeconds(20)));
        Assert.Equal(10, swarm.Store.Good.Count);
    }
}
