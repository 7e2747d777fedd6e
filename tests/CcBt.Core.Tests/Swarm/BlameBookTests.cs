using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class BlameBookTests
{
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
