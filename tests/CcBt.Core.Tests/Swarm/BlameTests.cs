using CcBt.Core.Swarm;

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

    [Fact]
    public void A_piece_of_two_givers_convicts_the_one_whose_block_differs()
    {
        var book = new BlameBook();
        var honest = VirtualSwarm.Address(1).WithPort(0);
        var guilty = VirtualSwarm.Address(2).WithPort(0);
        Assert.Null(book.Failed(7, [new Accusation(0, honest, Digest(1)), new Accusation(1, guilty, Digest(2))], true));
        Assert.True(book.IsWatched(7) && book.IsSuspect(honest) && book.IsSuspect(guilty));

        HashSet<CcBt.Core.Addressing.PeerAddress> found = [];
        book.Good(7, [new BlockContribution(0, 9, Digest(1)), new BlockContribution(1, 9, Digest(3))], found);

        Assert.Equal([guilty], found);
        Assert.False(book.IsWatched(7) || book.IsSuspect(honest) || book.IsSuspect(guilty));
    }

    [Fact]
    public void The_only_giver_is_guilty_at_once_unless_another_is_not_known()
    {
        var book = new BlameBook();
        var giver = VirtualSwarm.Address(1).WithPort(0);
        Assert.Equal(giver, book.Failed(1, [new Accusation(0, giver, Digest(1))], true));
        Assert.Null(book.Failed(1, [new Accusation(0, giver, Digest(1))], false));
        Assert.Null(book.Failed(1, [], true));
    }

    [Fact]
    public void Accusations_stay_within_their_bound()
    {
        var book = new BlameBook();
        List<Accusation> given = [.. Enumerable.Range(0, 1024).Select(i => new Accusation(i, VirtualSwarm.Address(i & 1).WithPort(0), Digest(i)))];
        for (int piece = 0; piece < 200; piece++)
            book.Failed(piece, given, true);
        Assert.Equal(Limits.AccusationsKept / 1024, Enumerable.Range(0, 200).Count(book.IsWatched));
        Assert.True(book.IsWatched(199));
    }

    private static BlockDigest Digest(int value)
    {
        var bytes = new byte[20];
        BitConverter.TryWriteBytes(bytes, value);
        return new BlockDigest(bytes);
    }
}
