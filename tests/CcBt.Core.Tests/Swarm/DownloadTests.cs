using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class DownloadTests
{
    private static readonly PieceMap Small = new(100, 256 * 1024, 100L * 256 * 1024 - 5000);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_seed_gives_everything_at_its_rate(bool fast)
    {
        var swarm = new VirtualSwarm(Small, 1);
        VirtualPeer seed = swarm.Add(new VirtualPeer(VirtualSwarm.Address(1)) { IsFast = fast, BytesPerSecond = 2_000_000 });

        Assert.True(swarm.Start().RunToEnd(TimeSpan.FromSeconds(30)));

        Assert.True(swarm.Store.Good.IsFull);
        Assert.InRange(swarm.CompletedAt!.Value.TotalSeconds, 12.5, 15);
        Assert.Equal((0, 0), (swarm.LeasedHad, swarm.LeasedTwice));
        Assert.Equal(0, swarm.Swarm.MissingBytes);
        Assert.Equal(100 * 16, seed.SentBlocks);
    }

    [Fact]
    public void A_fast_link_gets_a_large_window_and_reports_seldom()
    {
        var map = new PieceMap(2000, 1 << 20, 2000L << 20);
        var swarm = new VirtualSwarm(map, 2);
        VirtualPeer seed = swarm.Add(new VirtualPeer(VirtualSwarm.Address(1)) { BytesPerSecond = 1_000_000_000, Latency = TimeSpan.FromMicroseconds(100) });
        swarm.Start().Run(TimeSpan.FromMilliseconds(50));

        Assert.InRange(seed.MostLeased, 256, 500);
        Assert.InRange(seed.SentBlocks / (double)seed.Reports, 20, 500);
        Assert.InRange(seed.SentBlocks * 16384 / 0.05, 900_000_000, 1_000_000_000);
    }

    [Fact]
    public void A_slow_link_keeps_no_more_than_seconds_of_blocks()
    {
        var swarm = new VirtualSwarm(Small, 3);
        VirtualPeer slow = swarm.Add(new VirtualPeer(VirtualSwarm.Address(1)) { BytesPerSecond = 50_000 });
        swarm.Start().Run(TimeSpan.FromSeconds(60));
        Assert.InRange(slow.Leased.Count, 2, 13);
        Assert.InRange(slow.SentBlocks, 170, 185);
    }

    [Fact]
    public void Peers_with_parts_complete_each_other()
    {
        var swarm = new VirtualSwarm(Small, 4);
        for (int i = 0; i < 10; i++)
        {
            var has = new PieceSet(Small.PieceCount);
            for (int piece = 0; piece < Small.PieceCount; piece++)
            {
                if (piece % 10 == i || piece % 10 == (i + 3) % 10)
                    has.Add(piece);
            }
            swarm.Add(new VirtualPeer(VirtualSwarm.Address(i)) { Has = has, BytesPerSecond = 200_000 });
        }
        Assert.True(swarm.Start().RunToEnd(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, swarm.LeasedHad);
        Assert.InRange(swarm.CompletedAt!.Value.TotalSeconds, 13, 18);
    }
}
