using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class SwarmLinkTests
{
    private readonly SwarmLink _link = Whole();

    [Fact]
    public void A_choking_peer_serves_only_what_it_allows_fast()
    {
        Assert.False(_link.IsReady);
        Assert.False(_link.CanServe(3));
        Assert.Empty(_link.Only!);
        _link.AllowFast(3);
        _link.AllowFast(3);
        Assert.True(_link.IsReady);
        Assert.True(_link.CanServe(3));
        Assert.False(_link.CanServe(4));
        Assert.Equal([3], _link.Only!);
        _link.PeerChoking = false;
        Assert.True(_link.CanServe(4));
        Assert.Null(_link.Only);
        _link.IsClosing = true;
        Assert.False(_link.IsReady);
    }

    [Fact]
    public void A_piece_that_it_lacks_or_refused_is_not_asked_from_it()
    {
        var link = new SwarmLink(1, VirtualSwarm.Address(1), true, true, TimeSpan.Zero) { PeerChoking = false };
        link.Pieces.TryArm(10);
        link.Pieces.Add(4, out _);
        Assert.True(link.CanServe(4));
        Assert.False(link.CanServe(5));
        link.Refuse(4);
        Assert.False(link.CanServe(4));
        link.ForgetRefusals();
        Assert.True(link.CanServe(4));
    }

    [Fact]
    public void A_peer_that_refuses_too_many_pieces_is_left_alone_for_a_while()
    {
        _link.PeerChoking = false;
        for (int piece = 0; piece < Limits.RefusedPieces - 1; piece++)
            _link.Refuse(piece);
        Assert.True(_link.IsReady);
        _link.Refuse(Limits.RefusedPieces - 1);
        Assert.False(_link.IsReady);
        _link.Refuse(Limits.RefusedPieces);
        Assert.True(_link.CanServe(Limits.RefusedPieces));
        _link.ForgetRefusals();
        Assert.True(_link.IsReady);
    }

    [Fact]
    public void Suggestions_are_kept_once_and_the_oldest_go()
    {
        Assert.Empty(_link.Hints);
        _link.Suggest(7, TimeSpan.Zero);
        _link.Suggest(7, TimeSpan.Zero);
        Assert.Equal([7], _link.Hints);
        for (int piece = 100; piece < 100 + Limits.SuggestedPieces - 1; piece++)
            _link.Suggest(piece, TimeSpan.Zero);
        Assert.Equal(Limits.SuggestedPieces, _link.Hints.Count);
        Assert.Equal(7, _link.Hints[0]);
        _link.Suggest(8, TimeSpan.Zero);
        Assert.Equal(Limits.SuggestedPieces, _link.Hints.Count);
        Assert.DoesNotContain(7, _link.Hints);
        Assert.Equal(8, _link.Hints[^1]);
    }

    [Fact]
    public void The_suggestions_of_a_seed_are_forgotten_those_of_others_stay()
    {
        var leecher = new SwarmLink(2, VirtualSwarm.Address(2), true, true, TimeSpan.Zero);
        foreach (SwarmLink link in (SwarmLink[])[_link, leecher])
        {
            link.Suggest(7, TimeSpan.Zero);
            link.ForgetHints();
        }
        Assert.Empty(_link.Hints);
        Assert.Equal([7], leecher.Hints);
    }

    [Fact]
    public void Allowed_pieces_are_bounded()
    {
        for (int piece = 0; piece < Limits.AllowedFastPieces + 5; piece++)
            _link.AllowFast(piece);
        Assert.Equal(Enumerable.Range(0, Limits.AllowedFastPieces), _link.Only!);
    }

    [Theory]
    [InlineData(9, 8, true)]
    [InlineData(10, 8, false)]
    [InlineData(8, 9, true)]
    [InlineData(8, 10, false)]
    public void Offers_of_pieces_that_do_not_exist_are_seen_once_the_count_is_known(int allowed, int suggested, bool fits)
    {
        Assert.True(_link.OffersOnlyBelow(0));
        _link.AllowFast(allowed);
        _link.Suggest(suggested, TimeSpan.Zero);
        Assert.Equal(fits, _link.OffersOnlyBelow(10));
    }

    [Fact]
    public void Only_blocks_that_were_asked_for_move()
    {
        TimeSpan second = TimeSpan.FromSeconds(1), later = TimeSpan.FromSeconds(2);
        _link.HadTurn = true;
        _link.Gave(100, 0, second);
        Assert.Equal((TimeSpan.Zero, true), (_link.MovedAt, _link.HadTurn));
        Assert.False(_link.IsProven);
        _link.Gave(100, 1, later);
        Assert.Equal((later, false), (_link.MovedAt, _link.HadTurn));
        Assert.True(_link.IsProven);
    }

    [Fact]
    public void Where_an_inbound_peer_listens_is_unknown()
    {
        Assert.Equal(_link.Address, _link.ListenAddress);
        var inbound = new SwarmLink(2, VirtualSwarm.Address(2), false, true, TimeSpan.Zero);
        Assert.Equal(inbound.Address.WithPort(0), inbound.ListenAddress);
    }

    [Fact]
    public void Blocks_due_for_some_seconds_mean_a_stall()
    {
        TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
        Assert.False(_link.IsStalled(At(1000)));
        _link.Requests.Add(new BlockRequest(0, 0, 1, At(10)));
        _link.LastAskedAt = At(10);
        // Five seconds at the least rate, for a single block.
        Assert.False(_link.IsStalled(At(15)));
        Assert.True(_link.IsStalled(At(15.001)));
        _link.LastBlockAt = At(16);
        Assert.False(_link.IsStalled(At(19)));
        _link.IsSnubbed = true;
        Assert.True(_link.IsStalled(At(16)));
    }

    [Fact]
    public void More_open_requests_take_longer_at_the_same_rate()
    {
        TimeSpan now = TimeSpan.FromSeconds(100);
        for (int second = 1; second <= 100; second++)
            _link.Download.Add(4 * BlockAddress.Size, TimeSpan.FromSeconds(second));
        double idle = _link.SecondsFor(4, now);
        Assert.InRange(idle, 0.8, 1.2);
        for (int block = 0; block < 8; block++)
            _link.Requests.Add(new BlockRequest(0, block, 1, now));
        Assert.Equal(3 * idle, _link.SecondsFor(4, now), 3);
        Assert.Equal(2 * idle, _link.SecondsFor(0, now), 3);
    }

    [Fact]
    public void The_addresses_of_former_links_are_kept_for_late_verdicts_within_a_bound()
    {
        var table = new LinkTable();
        for (int id = 0; id <= Limits.FormerLinks; id++)
        {
            var link = new SwarmLink(id, VirtualSwarm.Address(id), true, true, TimeSpan.Zero);
            table.Add(link);
            Assert.True(table.TryFindAddress(id, out _));
            table.Remove(link);
            Assert.Null(table.Find(id));
        }
        Assert.False(table.TryFindAddress(0, out _));
        Assert.True(table.TryFindAddress(1, out CcBt.Core.Addressing.PeerAddress address));
        Assert.Equal(VirtualSwarm.Address(1), address);
        Assert.False(table.TryFindAddress(Limits.FormerLinks + 1, out _));
        Assert.Equal(0, table.Count);
    }

    private static SwarmLink Whole()
    {
        var link = new SwarmLink(1, VirtualSwarm.Address(1), true, true, TimeSpan.Zero);
        link.Pieces.TryArm(1000);
        link.Pieces.SetAll();
        return link;
    }
}
