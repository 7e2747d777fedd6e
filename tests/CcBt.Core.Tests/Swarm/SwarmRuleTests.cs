using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>What the swarm does with links and messages, one rule at a time.</summary>
public sealed class SwarmRuleTests
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(100);
    private readonly TorrentSwarm _swarm = new(new SwarmOptions(), new Random(1));

    [Theory]
    [InlineData(true, 3, "HaveAll")]
    [InlineData(false, 3, "Bitfield")]
    [InlineData(true, 2, "Bitfield")]
    [InlineData(true, 0, "HaveNone")]
    [InlineData(false, 0, null)]
    public void The_first_word_says_what_we_have(bool fast, int pieces, string? expected)
    {
        Arm(pieces);
        _swarm.LinkOpened(1, VirtualSwarm.Address(1), true, fast, Start);
        PeerMessage[] sent = Sent();
        Assert.Equal(expected, sent.Length == 0 ? null : Assert.Single(sent).Kind.ToString());
        if (expected == "Bitfield")
            Assert.Equal(pieces == 3 ? 0xE0 : 0xC0, sent[0].Payload.Span[0]);
    }

    [Fact]
    public void Messages_of_the_fast_extension_need_the_agreement()
    {
        Arm(0);
        _swarm.LinkOpened(1, VirtualSwarm.Address(1), true, false, Start);
        foreach (PeerMessageKind kind in new[] { PeerMessageKind.Suggest, PeerMessageKind.HaveAll, PeerMessageKind.HaveNone, PeerMessageKind.Reject, PeerMessageKind.AllowedFast })
            Assert.Equal(SwarmError.FastNotAgreed, _swarm.Handle(1, new PeerMessage(kind, new BlockAddress(0, 0, 16384)), Start));
        Assert.Equal(SwarmError.None, _swarm.Handle(1, PeerMessage.Have(0), Start));
        Assert.Equal(SwarmError.None, _swarm.Handle(1, new PeerMessage(PeerMessageKind.Extended), Start));
        Assert.Equal(SwarmError.UnknownLink, _swarm.Handle(2, PeerMessage.Have(0), Start));
    }

    [Fact]
    public void Pieces_that_do_not_exist_are_an_error()
    {
        Arm(0);
        _swarm.LinkOpened(1, VirtualSwarm.Address(1), true, true, Start);
        foreach (int piece in new[] { 3, -1 })
        {
            Assert.Equal(SwarmError.IndexOutOfRange, _swarm.Handle(1, PeerMessage.Have(piece), Start));
            Assert.Equal(SwarmError.IndexOutOfRange, _swarm.Handle(1, PeerMessage.AllowedFast(piece), Start));
            Assert.Equal(SwarmError.IndexOutOfRange, _swarm.Handle(1, new PeerMessage(PeerMessageKind.Suggest, new BlockAddress(piece, 0, 0)), Start));
            Assert.Equal(SwarmError.IndexOutOfRange, _swarm.Handle(1, PeerMessage.Reject(new BlockAddress(piece, 0, 16384)), Start));
        }
        Assert.Equal(SwarmError.None, _swarm.Handle(1, PeerMessage.AllowedFast(2), Start));
    }

    [Fact]
    public void Interest_is_told_when_it_changes_and_only_then()
    {
        Arm(1);
        _swarm.LinkOpened(1, VirtualSwarm.Address(1), true, true, Start);
        Sent();
        _swarm.Handle(1, PeerMessage.Have(0), Start);
        Assert.Empty(Sent());
        _swarm.Handle(1, PeerMessage.Have(1), Start);
        Assert.Equal([PeerMessageKind.Interested], Sent().Select(m => m.Kind));
        _swarm.Handle(1, PeerMessage.Have(2), Start);
        Assert.Empty(Sent());
        _swarm.PieceVerified(1, Start);
        Assert.Empty(Sent());
        _swarm.PieceVerified(2, Start);
        Assert.Equal([PeerMessageKind.NotInterested], Sent().Select(m => m.Kind));
        Assert.True(_swarm.IsComplete);
    }

    [Fact]
    public void A_verified_piece_is_told_a_little_later_to_those_who_lack_it()
    {
        Arm(0, pieces: 200);
        for (int link = 1; link <= 3; link++)
            _swarm.LinkOpened(link, VirtualSwarm.Address(link), true, true, Start);
        _swarm.Handle(1, PeerMessage.Have(7), Start);
        _swarm.Handle(2, new PeerMessage(PeerMessageKind.HaveAll), Start);
        _swarm.Advance(Start);
        Outputs.Of(_swarm);
        _swarm.PieceVerified(7, Start);
        Assert.DoesNotContain(Outputs.Of(_swarm), o => o.Message.Kind == PeerMessageKind.Have && o.Kind == SwarmOutputKind.Send);
        _swarm.PieceVerified(8, Start + TimeSpan.FromMilliseconds(50));
        TimeSpan due = Start + TimeSpan.FromMilliseconds(100);
        Assert.Equal(due, _swarm.NextDeadline);
        _swarm.Advance(due);
        Assert.Equal([(1, 8), (3, 7), (3, 8)], Haves());
        for (int piece = 10; piece < 10 + 63; piece++)
            _swarm.PieceVerified(piece, due);
        Assert.Empty(Haves());
        _swarm.PieceVerified(100, due);
        Assert.Equal(128, Haves().Count);
        _swarm.Advance(due + TimeSpan.FromSeconds(1));
        Assert.Empty(Haves());
    }

    [Fact]
    public void Whom_it_refuses_it_tells_why()
    {
        _swarm.SetBudget(new ConnectionBudget(2, 8), Start);
        Assert.Null(Refusal(1, VirtualSwarm.Address(1), true));
        Assert.Null(Refusal(2, VirtualSwarm.Address(1).WithPort(7), false));
        Assert.Equal(SwarmCloseReason.OverBudget, Refusal(3, VirtualSwarm.Address(3), true));
        _swarm.LinkClosed(3, false, Start);
        _swarm.SetBudget(new ConnectionBudget(9, 8), Start);
        TimeSpan later = Start + TimeSpan.FromSeconds(10);
        Assert.Null(Refusal(4, VirtualSwarm.Address(1).WithPort(8), false, later));
        later += TimeSpan.FromSeconds(1);
        Assert.Equal(SwarmCloseReason.Duplicate, Refusal(5, VirtualSwarm.Address(1).WithPort(9), false, later));
        Assert.Null(Refusal(6, PeerAddress.FromV4(0x7F000001, 8), false, later));
        Assert.Null(Refusal(7, PeerAddress.FromV4(0x7F000001, 9), false, later + TimeSpan.FromSeconds(60)));
        _swarm.SetPrivate(true, later);
        Outputs.Of(_swarm);
        Assert.Equal(SwarmCloseReason.Private, Refusal(8, VirtualSwarm.Address(8), true, later));
        Assert.Null(Refusal(9, VirtualSwarm.Address(9), false, later));
        _swarm.SetPaused(true, later);
        Outputs.Of(_swarm);
        Assert.Equal(SwarmCloseReason.Paused, Refusal(10, VirtualSwarm.Address(10), false, later));
    }

    [Fact]
    public void Links_over_a_smaller_budget_go_and_the_oldest_stay()
    {
        for (int link = 1; link <= 5; link++)
            _swarm.LinkOpened(link, VirtualSwarm.Address(link), true, true, Start);
        Outputs.Of(_swarm);
        _swarm.SetBudget(new ConnectionBudget(3, 8), Start);
        Assert.Equal([4, 5], Closed(SwarmCloseReason.OverBudget));
        _swarm.SetBudget(new ConnectionBudget(0, 8), Start);
        Assert.Equal([1, 2, 3], Closed(SwarmCloseReason.OverBudget));
    }

    [Fact]
    public void Useless_links_go_when_others_wait_for_their_place()
    {
        _swarm.SetBudget(new ConnectionBudget(2, 8), Start);
        Arm(0);
        _swarm.LinkOpened(1, VirtualSwarm.Address(1), true, true, Start);
        _swarm.LinkOpened(2, VirtualSwarm.Address(2), true, true, Start);
        _swarm.Handle(2, new PeerMessage(PeerMessageKind.Interested), Start);
        TimeSpan over = Start + TimeSpan.FromSeconds(Limits.IdleLinkSeconds);
        _swarm.Advance(over);
        Assert.Empty(Closed(SwarmCloseReason.Idle));
        _swarm.AddCandidates([VirtualSwarm.Address(3)], PeerSource.Tracker, over);
        Assert.DoesNotContain(Outputs.Of(_swarm), o => o.Kind == SwarmOutputKind.Dial);
        _swarm.Advance(over + TimeSpan.FromSeconds(1));
        Assert.Equal([1], Closed(SwarmCloseReason.Idle));
    }

    [Fact]
    public void A_complete_swarm_parts_from_those_who_turn_out_complete()
    {
        Arm(3);
        for (int link = 1; link <= 4; link++)
            _swarm.LinkOpened(link, VirtualSwarm.Address(link), false, true, Start);
        Outputs.Of(_swarm);
        _swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), Start);
        _swarm.Handle(2, PeerMessage.Bitfield(new byte[] { 0xE0 }), Start);
        for (int piece = 0; piece < 3; piece++)
            _swarm.Handle(3, PeerMessage.Have(piece), Start);
        _swarm.SetUploadOnly(4, true, Start);
        Assert.Equal([1, 2, 3, 4], Closed(SwarmCloseReason.BothComplete));
    }

    [Fact]
    public void An_incomplete_swarm_keeps_those_who_have_all()
    {
        Arm(0);
        _swarm.LinkOpened(1, VirtualSwarm.Address(1), false, true, Start);
        _swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), Start);
        _swarm.LinkOpened(2, VirtualSwarm.Address(2), false, true, Start);
        _swarm.Handle(2, PeerMessage.Bitfield(new byte[] { 0xE0 }), Start);
        _swarm.SetUploadOnly(2, true, Start);
        Assert.Empty(Closed(SwarmCloseReason.BothComplete));
    }

    [Fact]
    public void A_lost_piece_is_fetched_again_and_the_swarm_is_not_complete_any_more()
    {
        Arm(3);
        _swarm.LinkOpened(1, VirtualSwarm.Address(1), false, true, Start);
        _swarm.Handle(1, PeerMessage.Bitfield(new byte[] { 0x80 }), Start);
        Outputs.Of(_swarm);
        _swarm.PieceLost(0, Start);
        Assert.False(_swarm.IsComplete);
        Assert.Equal([PeerMessageKind.Interested], Sent().Select(m => m.Kind));
        Assert.Equal(2 * 16384, _swarm.MissingBytes);
        _swarm.PieceLost(0, Start);
        Assert.Empty(Sent());
        _swarm.LinkOpened(2, VirtualSwarm.Address(2), false, true, Start);
        Assert.Equal(0x60, Assert.Single(Sent()).Payload.Span[0]);
    }

    [Fact]
    public void What_a_link_is_can_be_seen()
    {
        Arm(0);
        _swarm.LinkOpened(1, VirtualSwarm.Address(1), true, true, Start);
        LinkSnapshot link = _swarm.Link(1, Start)!.Value;
        Assert.Equal((VirtualSwarm.Address(1), true, false, 0), (link.Address, link.IsOutbound, link.IsSeed, link.PieceCount));
        Assert.True(link is { PeerChoking: true, PeerInterested: false, AmInterested: false, AmUnchoking: false, IsSnubbed: false });
        _swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), Start);
        _swarm.Handle(1, new PeerMessage(PeerMessageKind.Unchoke), Start);
        _swarm.Handle(1, new PeerMessage(PeerMessageKind.Interested), Start);
        _swarm.SetUploaded(1, 5000, Start);
        _swarm.SetUploaded(1, 4000, Start);
        Outputs.Of(_swarm);
        link = _swarm.Link(1, Start)!.Value;
        Assert.Equal((3, true, 5000L, 6), (link.PieceCount, link.IsSeed, link.Uploaded, link.BlocksInFlight));
        Assert.True(link is { PeerChoking: false, PeerInterested: true, AmInterested: true, AmUnchoking: true });
        Assert.Null(_swarm.Link(2, Start));
        SwarmSnapshot all = _swarm.Snapshot(Start);
        Assert.Equal((1, 1, 1, 6, 3), (all.Links, all.Seeds, all.Unchoked, all.BlocksInFlight, all.OpenPieces));
    }

    [Fact]
    public void A_peer_is_banned_once_however_often_it_lies()
    {
        Assert.False(_swarm.IsArmed);
        Arm(0);
        Assert.True(_swarm.IsArmed);
        _swarm.LinkOpened(1, VirtualSwarm.Address(1), true, true, Start);
        Outputs.Of(_swarm);
        BlockContribution[] given = [new(0, 1, default), new(1, 1, default)];
        _swarm.PieceFailed(0, given, Start);
        Assert.Equal([SwarmOutputKind.Ban, SwarmOutputKind.Close], Outputs.Of(_swarm).Select(o => o.Kind));
        Assert.True(_swarm.IsBanned(VirtualSwarm.Address(1).WithPort(5)));
        _swarm.PieceFailed(1, given, Start);
        Assert.Empty(Outputs.Of(_swarm));
        Assert.Equal(SwarmCloseReason.Banned, Refusal(2, VirtualSwarm.Address(1), true));
    }

    [Fact]
    public void Time_that_passes_before_the_deadline_does_nothing()
    {
        _swarm.LinkOpened(1, VirtualSwarm.Address(1), true, true, Start);
        _swarm.LinkOpened(2, VirtualSwarm.Address(2), true, true, Start);
        _swarm.SetTakesPex(1, true);
        _swarm.Advance(Start + TimeSpan.FromSeconds(59.9));
        Outputs.Of(_swarm);
        Assert.Equal(Start + TimeSpan.FromSeconds(60.4), _swarm.NextDeadline);
        _swarm.Advance(Start + TimeSpan.FromSeconds(60.3));
        Assert.Empty(Outputs.Of(_swarm));
        _swarm.Advance(Start + TimeSpan.FromSeconds(60.4));
        Assert.Equal(SwarmOutputKind.Pex, Assert.Single(Outputs.Of(_swarm)).Kind);
    }

    [Fact]
    public void The_request_limit_of_a_peer_is_kept()
    {
        Arm(0, pieces: 100);
        _swarm.LinkOpened(1, VirtualSwarm.Address(1), true, true, Start);
        _swarm.SetRequestLimit(1, 5);
        _swarm.SetRequestLimit(2, 5);
        _swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), Start);
        _swarm.Handle(1, new PeerMessage(PeerMessageKind.Unchoke), Start);
        Outputs.Of(_swarm);
        Assert.Equal(5, _swarm.Link(1, Start)!.Value.BlocksInFlight);
    }

    private void Arm(int have, int pieces = 3)
    {
        var had = new PieceSet(pieces);
        for (int piece = 0; piece < have; piece++)
            had.Add(piece);
        var wanted = new PieceSet(pieces);
        wanted.Fill();
        _swarm.Arm(new PieceMap(pieces, 2 * 16384, pieces * 2 * 16384), had, wanted, Start);
        Outputs.Of(_swarm);
    }

    private SwarmCloseReason? Refusal(int link, PeerAddress address, bool outbound, TimeSpan? now = null)
    {
        _swarm.LinkOpened(link, address, outbound, true, now ?? Start);
        SwarmOutput[] closes = [.. Outputs.Of(_swarm).Where(o => o.Kind == SwarmOutputKind.Close && o.Link == link)];
        return closes.Length == 0 ? null : Assert.Single(closes).Reason;
    }

    private PeerMessage[] Sent() => [.. Outputs.Of(_swarm).Where(o => o.Kind == SwarmOutputKind.Send).Select(o => o.Message)];

    private List<(int Link, int Piece)> Haves()
        => [.. Outputs.Of(_swarm).Where(o => o.Kind == SwarmOutputKind.Send && o.Message.Kind == PeerMessageKind.Have).Select(o => (o.Link, o.Message.Index)).Order()];

    private int[] Closed(SwarmCloseReason reason)
        => [.. Outputs.Of(_swarm).Where(o => o.Kind == SwarmOutputKind.Close && o.Reason == reason).Select(o => o.Link).Order()];
}
