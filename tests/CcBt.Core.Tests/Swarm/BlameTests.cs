using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class BlameTests
{
    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(2, 0.05)]
    [InlineData(5, 0.3)]
    [InlineData(10, 1.0)]
    [InlineData(10, 0.01)]
    [InlineData(50, 1.0)]
    [InlineData(50, 0.1)]
    public void Poisoners_go_and_honest_peers_stay(int peers, double poison)
    {
        int honest = Math.Max(1, peers / 2);
        var map = new PieceMap(300, 256 * 1024, 300L * 256 * 1024);
        var swarm = new VirtualSwarm(map, peers * 7 + (int)(poison * 100)) { VerdictDelay = TimeSpan.FromMilliseconds(5) };
        for (int i = 0; i < peers; i++)
            swarm.Add(new VirtualPeer(VirtualSwarm.Address(i)) { Poison = i < honest ? 0 : poison, BytesPerSecond = 200_000 + i * 10_000 });

        Assert.True(swarm.Start().RunToEnd(TimeSpan.FromMinutes(20)), $"{swarm.Swarm.Snapshot(swarm.Now)}");

        Assert.True(swarm.Store.Good.IsFull);
        Assert.DoesNotContain(swarm.Peers, p => p.Poison == 0 && p.WasBanned);
        if (poison >= 0.3)
            Assert.DoesNotContain(swarm.Peers, p => p.Poison > 0 && p.SentBlocks > 200 && !p.WasBanned);
        Assert.InRange(swarm.Store.BadPieces, poison >= 0.3 ? 1 : 0, 2 * (peers - honest));
    }

    [Fact]
    public void With_poisoners_only_it_ends_in_silence_and_not_in_a_hot_loop()
    {
        var map = new PieceMap(50, 256 * 1024, 50L * 256 * 1024);
        var swarm = new VirtualSwarm(map, 11);
        for (int i = 0; i < 20; i++)
            swarm.Add(new VirtualPeer(VirtualSwarm.Address(i)) { Poison = 1 });
        Assert.False(swarm.Start().RunToEnd(TimeSpan.FromMinutes(30)));
        Assert.All(swarm.Peers, p => Assert.True(p.WasBanned));
        Assert.InRange(swarm.Leases, 20, 2000);
    }
}
