using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

public sealed class SlowPeerTests
{
    private static readonly PieceMap Small = new(100, 256 * 1024, 100L * 256 * 1024 - 5000);

    [Fact]
    public void A_silent_peer_costs_less_than_a_third_of_the_time()
    {
        TimeSpan alone = Time(silent: 0), with = Time(silent: 3);
        Assert.InRange(with / alone, 0.5, 1.3);

        static TimeSpan Time(int silent)
        {
            var swarm = new VirtualSwarm(Small, 5);
            for (int i = 0; i < 4; i++)
                swarm.Add(new VirtualPeer(VirtualSwarm.Address(i)) { BytesPerSecond = 500_000 });
            for (int i = 0; i < silent; i++)
                swarm.Add(new VirtualPeer(VirtualSwarm.Address(100 + i)) { IsSilent = true, Latency = TimeSpan.FromMilliseconds(1) });
            Assert.True(swarm.Start().RunToEnd(TimeSpan.FromSeconds(60)));
            return swarm.CompletedAt!.Value;
        }
    }

    [Fact]
    public void A_slow_peer_does_not_hold_up_the_end()
    {
        var swarm = new VirtualSwarm(Small, 6);
        swarm.Add(new VirtualPeer(VirtualSwarm.Address(1)) { BytesPerSecond = 2_000_000 });
        swarm.Add(new VirtualPeer(VirtualSwarm.Address(2)) { BytesPerSecond = 3_000 });
        Assert.True(swarm.Start().RunToEnd(TimeSpan.FromSeconds(60)));
        Assert.InRange(swarm.CompletedAt!.Value.TotalSeconds, 12, 17);
        Assert.InRange(swarm.Swarm.Snapshot(swarm.Now).WastedBytes, 0, 32 * 16384);
    }
}
