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
