using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

public sealed class LinkTableTests
{
    private const int Pieces = 16;

    [Fact]
    public void A_sharer_is_open_has_something_and_lacks_something()
    {
        var links = new LinkTable();
        SwarmLink seed = Link(1), empty = Link(2), closing = Link(3), sharer = Link(4), done = Link(5);
        seed.Pieces.SetAll();
        for (int piece = 0; piece < Pieces; piece++)
            done.Pieces.Add(piece, out _);
        empty.Pieces.SetNone();
        closing.Pieces.Add(3, out _);
        closing.IsClosing = true;
        sharer.Pieces.Add(3, out _);
        foreach (SwarmLink link in new[] { seed, empty, closing, done })
        {
            links.Add(link);
            Assert.False(links.AnySharer);
        }
        links.Add(sharer);
        Assert.True(links.AnySharer);
        links.Remove(sharer);
        Assert.False(links.AnySharer);
    }

    private static SwarmLink Link(int id)
    {
        var link = new SwarmLink(id, VirtualSwarm.Address(id), true, true, TimeSpan.Zero);
        Assert.True(link.Pieces.TryArm(Pieces));
        return link;
    }
}
