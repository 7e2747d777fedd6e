using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

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

    [Fact]
    public void A_peer_hears_nothing_of_itself_of_who_goes_or_of_local_addresses()
    {
        var links = new LinkTable();
        var outbox = new Outbox();
        var book = new PexBook(links, outbox);
        SwarmLink listener = Add("80.0.0.1:1000");
        SwarmLink seed = Add("80.0.0.2:1000");
        seed.Pieces.SetAll();
        Add("80.0.0.3:1000").IsClosing = true;
        Add("10.0.0.4:1000");
        Add("80.0.0.5:1000", outbound: false);
        Add("80.0.0.1:1000");
        SwarmLink told = Add("80.0.0.6:1000", outbound: false);
        told.ListenAddress = Parse("80.0.0.6:2000");
        told.UploadOnly = true;
        listener.TakesPex = true;
        book.Advance(TimeSpan.FromSeconds(59));
        Assert.False(outbox.TryTake(out _));
        book.Advance(TimeSpan.FromSeconds(60));
        Assert.True(outbox.TryTake(out SwarmOutput output));
        Assert.Equal([(Parse("80.0.0.2:1000"), PexFlags.UploadOnly | PexFlags.Reachable), (Parse("80.0.0.6:2000"), PexFlags.UploadOnly)],
            output.Pex!.Added.Select(p => (p.Address, p.Flags)).OrderBy(p => p.Address));
        Assert.Empty(output.Pex.Dropped);
        seed.IsClosing = true;
        book.Advance(TimeSpan.FromSeconds(119));
        Assert.False(outbox.TryTake(out _));
        book.Advance(TimeSpan.FromSeconds(120));
        Assert.True(outbox.TryTake(out output));
        Assert.Equal([Parse("80.0.0.2:1000")], output.Pex!.Dropped);
        book.Advance(TimeSpan.FromSeconds(180));
        Assert.False(outbox.TryTake(out _));

        SwarmLink local = Add("10.0.0.9:1000");
        local.TakesPex = true;
        local.PexDueAt = TimeSpan.Zero;
        book.Advance(TimeSpan.FromSeconds(181));
        Assert.True(outbox.TryTake(out output));
        Assert.Contains(Parse("10.0.0.4:1000"), output.Pex!.Added.Select(p => p.Address));

        SwarmLink Add(string address, bool outbound = true)
        {
            var link = new SwarmLink(links.Count + 1, Parse(address), outbound, true, TimeSpan.Zero);
            links.Add(link);
            return link;
        }
    }

    [Fact]
    public void Many_that_went_are_told_in_turns()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.SetBudget(new ConnectionBudget(200, 10), TimeSpan.Zero);
        for (int link = 1; link <= 62; link++)
            swarm.LinkOpened(link, VirtualSwarm.Address(link), true, true, TimeSpan.Zero);
        swarm.SetTakesPex(1, true);
        Assert.Equal(61, Pex(swarm, 60)!.Added.Count + Pex(swarm, 120)!.Added.Count);
        for (int link = 2; link <= 62; link++)
            swarm.LinkClosed(link, false, TimeSpan.FromSeconds(121));
        Assert.Equal((50, 11), (Pex(swarm, 180)!.Dropped.Count, Pex(swarm, 240)!.Dropped.Count));
        Assert.Null(Pex(swarm, 300));
    }

    private static PeerAddress Parse(string text)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        return address;
    }

    private static PexDelta? Pex(TorrentSwarm swarm, int second)
    {
        swarm.Advance(TimeSpan.FromSeconds(second));
        return Outputs.Of(swarm).SingleOrDefault(o => o.Kind == SwarmOutputKind.Pex).Pex;
    }
}
