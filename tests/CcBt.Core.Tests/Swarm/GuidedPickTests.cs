using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>What is asked of a seed that suggests pieces, and what it is told.</summary>
public sealed class GuidedPickTests
{
    private const int Sharer = 9;
    private static readonly PieceMap Map = new(20, 2 * BlockAddress.Size, 40 * BlockAddress.Size);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(3);

    private readonly TorrentSwarm _swarm = new(new SwarmOptions(), new Random(1));

    public GuidedPickTests()
    {
        var all = new PieceSet(Map.PieceCount);
        all.Fill();
        _swarm.SetBudget(new ConnectionBudget(20, 5), TimeSpan.Zero);
        _swarm.Arm(Map, new PieceSet(Map.PieceCount), all, TimeSpan.Zero);
        Open(1, PeerMessageKind.HaveAll);
    }

    [Fact]
    public void While_others_share_the_seed_nothing_but_what_it_suggests_is_asked()
    {
        OpenSharer();
        Suggest(5, TimeSpan.Zero);
        Suggest(7, TimeSpan.Zero);
        Assert.Equal([5, 5, 7, 7], AskedOnUnchoke(TimeSpan.Zero));
    }

    [Fact]
    public void What_it_suggests_and_another_is_at_work_on_is_left_to_that_one()
    {
        Open(2, PeerMessageKind.HaveAll);
        _swarm.SetRequestLimit(2, 1);
        int begun = Assert.Single(AskedOnUnchoke(TimeSpan.Zero, link: 2)), other = begun == 7 ? 8 : 7;
        OpenSharer();
        Suggest(begun, TimeSpan.Zero);
        Suggest(other, TimeSpan.Zero);
        Assert.Equal([other, other], AskedOnUnchoke(TimeSpan.Zero));
    }

    [Fact]
    public void A_seed_that_nobody_else_shares_is_asked_for_more_and_first_for_what_it_suggests()
    {
        Suggest(5, TimeSpan.Zero);
        List<int> asked = AskedOnUnchoke(TimeSpan.Zero);
        Assert.Equal([5, 5], asked[..2]);
        Assert.Equal(16, asked.Count);
    }

    [Fact]
    public void Three_seconds_after_its_last_word_a_little_more_is_asked()
    {
        OpenSharer();
        Suggest(5, TimeSpan.Zero);
        List<int> asked = AskedOnUnchoke(Later);
        Assert.Equal([5, 5], asked[..2]);
        // A piece is begun while fewer than four blocks are open.
        Assert.Equal(4, asked.Count);
    }

    [Fact]
    public void A_seed_that_suggests_hears_of_new_pieces_and_another_does_not()
    {
        Open(2, PeerMessageKind.HaveAll);
        OpenSharer();
        Suggest(5, TimeSpan.Zero);
        _swarm.PieceVerified(3, TimeSpan.FromSeconds(1));
        Assert.Empty(Haves());
        _swarm.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal([(1, 3), (Sharer, 3)], Haves());
    }

    [Fact]
    public void A_seed_that_nobody_shares_hears_of_no_new_pieces()
    {
        Open(2, PeerMessageKind.HaveNone);
        Suggest(5, TimeSpan.Zero);
        _swarm.PieceVerified(3, TimeSpan.Zero);
        _swarm.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([(2, 3)], Haves());
    }

    [Fact]
    public void A_seed_that_suggests_what_we_have_hears_so_at_once()
    {
        _swarm.PieceVerified(3, TimeSpan.Zero);
        _swarm.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(Haves());
        Suggest(3, TimeSpan.FromSeconds(2));
        Assert.Equal([(1, 3)], Haves());
    }

    private void Open(int link, PeerMessageKind has)
    {
        _swarm.LinkOpened(link, VirtualSwarm.Address(link), true, true, TimeSpan.Zero);
        _swarm.Handle(link, new PeerMessage(has), TimeSpan.Zero);
    }

    /// <summary>Another leecher, which has got a piece.</summary>
    private void OpenSharer()
    {
        Open(Sharer, PeerMessageKind.HaveNone);
        _swarm.Handle(Sharer, PeerMessage.Have(0), TimeSpan.Zero);
    }

    private void Suggest(int piece, TimeSpan now)
        => Assert.Equal(SwarmError.None, _swarm.Handle(1, new PeerMessage(PeerMessageKind.Suggest, new BlockAddress(piece, 0, 0)), now));

    private List<int> AskedOnUnchoke(TimeSpan now, int link = 1)
    {
        _swarm.Handle(link, new PeerMessage(PeerMessageKind.Unchoke), now);
        var asked = new List<int>();
        while (_swarm.TryTake(out SwarmOutput output))
        {
            if (output.Kind == SwarmOutputKind.Lease && output.Link == link)
                asked.AddRange(_swarm.Blocks.ToArray().Select(static b => b.Piece));
        }
        return asked;
    }

    private List<(int Link, int Piece)> Haves()
    {
        return [.. Outputs.Of(_swarm).Where(static o => o.Kind == SwarmOutputKind.Send && o.Message.Kind == PeerMessageKind.Have).Select(static o => (o.Link, o.Message.Index))];
    }
}
