using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class SeedHintsTests
{
    private static readonly PieceMap Map = new(40, 64 * 1024, 40L * 64 * 1024);

    private readonly TorrentSwarm _swarm = new(new SwarmOptions(), new Random(1));
    private readonly List<SwarmOutput> _outputs = [];

    public SeedHintsTests()
    {
        var all = new PieceSet(Map.PieceCount);
        all.Fill();
        _swarm.SetBudget(new ConnectionBudget(20, 5), TimeSpan.Zero);
        _swarm.Arm(Map, all, all, TimeSpan.Zero);
    }

    [Fact]
    public void Each_peer_that_may_download_hears_of_other_pieces_before_its_unchoke()
    {
        Open(1);
        Open(2);
        int[] one = Suggested(1), other = Suggested(2);
        Assert.InRange(one.Length, 2, Limits.SuggestedPieces);
        Assert.InRange(other.Length, 2, Limits.SuggestedPieces);
        Assert.Empty(one.Intersect(other));
        Assert.True(_outputs.FindIndex(IsSuggestTo(1)) < _outputs.FindIndex(o => o is { Kind: SwarmOutputKind.Unchoke, Link: 1 }));
    }

    [Fact]
    public void A_piece_that_came_makes_room_for_another_that_nobody_has()
    {
        Open(1);
        Open(2);
        int[] before = Suggested(1);
        int[] others = Suggested(2);
        _outputs.Clear();
        _swarm.Handle(1, PeerMessage.Have(before[0]), TimeSpan.FromSeconds(1));
        Drain();
        int added = Assert.Single(Suggested(1));
        Assert.DoesNotContain(added, before.Concat(others));
    }

    [Fact]
    public void What_one_peer_has_is_suggested_to_none_and_what_a_leaver_was_to_fetch_to_others()
    {
        Open(1);
        int[] first = Suggested(1);
        _swarm.LinkClosed(1, false, TimeSpan.FromSeconds(1));
        var has = new PieceSet(Map.PieceCount);
        for (int piece = 0; piece < Map.PieceCount; piece++)
        {
            if (piece != first[0])
                has.Add(piece);
        }
        Open(2, has);
        Open(3);
        Assert.Equal([first[0]], Suggested(2).Concat(Suggested(3)));
    }

    [Fact]
    public void A_peer_without_the_fast_extension_gets_none()
    {
        Open(1, null, fast: false);
        Assert.Empty(Suggested(1));
    }

    private static Predicate<SwarmOutput> IsSuggestTo(int link) => o => o.Kind == SwarmOutputKind.Send && o.Link == link && o.Message.Kind == PeerMessageKind.Suggest;

    private int[] Suggested(int link) => [.. _outputs.FindAll(IsSuggestTo(link)).Select(static o => o.Message.Index)];

    private void Open(int link, PieceSet? has = null, bool fast = true)
    {
        _swarm.LinkOpened(link, VirtualSwarm.Address(link), true, fast, TimeSpan.FromSeconds(link));
        _swarm.Handle(link, has is null ? PeerMessage.Bitfield(new byte[(Map.PieceCount + 7) / 8]) : PeerMessage.Bitfield(has.Bytes.ToArray()), TimeSpan.FromSeconds(link));
        _swarm.Handle(link, new PeerMessage(PeerMessageKind.Interested), TimeSpan.FromSeconds(link));
        Drain();
    }

    private void Drain()
    {
        while (_swarm.TryTake(out SwarmOutput output))
            _outputs.Add(output);
    }
}
