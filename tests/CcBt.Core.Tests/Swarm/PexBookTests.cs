using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

public sealed class PexBookTests
{
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
        swarm.SetPrivate(true, TimeSpan.Zero);
        swarm.LinkClosed(6, false, TimeSpan.FromSeconds(241));
        Assert.Null(Pex(swarm, 300));
    }

    private static PexDelta? Pex(TorrentSwarm swarm, int second)
    {
        swarm.Advance(TimeSpan.FromSeconds(second));
        return Outputs.Of(swarm).SingleOrDefault(o => o.Kind == SwarmOutputKind.Pex).Pex;
    }
}
