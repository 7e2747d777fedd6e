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

    [Fact]
    public void One_accusation_more_than_is_kept_forgets_the_oldest_piece()
    {
        var book = new BlameBook();
        Fill(book, Limits.AccusationsKept);
        Assert.True(book.IsWatched(0));
        book.Failed(Limits.AccusationsKept, [new Accusation(0, VirtualSwarm.Address(1).WithPort(0), Digest(1))], allKnown: false);
        Assert.False(book.IsWatched(0));
        Assert.True(book.IsWatched(1));
    }

    [Fact]
    public void A_piece_that_turned_out_good_is_passed_over_when_room_is_made()
    {
        var book = new BlameBook();
        Fill(book, Limits.AccusationsKept);
        book.Good(0, [], []);
        Fill(book, 3, first: Limits.AccusationsKept);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, Limits.AccusationsKept + 3).Where(piece => !book.IsWatched(piece)));
    }

    [Fact]
    public void A_good_piece_that_never_was_bad_accuses_nobody()
    {
        HashSet<CcBt.Core.Addressing.PeerAddress> found = [];
        new BlameBook().Good(7, [new BlockContribution(0, 9, Digest(1))], found);
        Assert.Empty(found);
    }

    /// <summary>Bad pieces of which one giver each is known.</summary>
    private static void Fill(BlameBook book, int pieces, int first = 0)
    {
        for (int piece = first; piece < first + pieces; piece++)
            book.Failed(piece, [new Accusation(0, VirtualSwarm.Address(1).WithPort(0), Digest(1))], allKnown: false);
    }

    private static BlockDigest Digest(int value)
    {
        var bytes = new byte[20];
        BitConverter.TryWriteBytes(bytes, value);
        return new BlockDigest(bytes);
    }
}
