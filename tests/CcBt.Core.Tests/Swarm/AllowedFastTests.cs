using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>Who is allowed pieces while it is choked (BEP 6).</summary>
public sealed class AllowedFastTests
{
    private static readonly PeerMessage None = new(PeerMessageKind.HaveNone);

    [Theory]
    [InlineData(0, true)]
    [InlineData(9, true)]
    [InlineData(10, false)]
    [InlineData(100, false)]
    public void A_peer_with_few_pieces_is(int pieces, bool isAllowed)
        => Assert.Equal(isAllowed, IsAllowed(Swarm(100, 1), Claim(100, pieces)));

    [Fact]
    public void A_beginner_is_in_the_smallest_torrent_that_is_not_too_small()
        => Assert.True(IsAllowed(Swarm(Limits.AllowedFastLeastPieces, 1), None));

    [Fact]
    public void Who_makes_a_claim_that_is_not_allowed_gets_none_for_it()
    {
        TorrentSwarm swarm = Swarm(100, 1);
        swarm.LinkOpened(1, VirtualSwarm.Address(1), false, true, TimeSpan.Zero);
        Assert.Equal(SwarmError.BadBitfield, swarm.Handle(1, PeerMessage.Bitfield(new byte[1]), TimeSpan.Zero));
        Assert.Empty(Allowed(swarm));
    }

    [Theory]
    [InlineData(false, false, 100, 1)]
    [InlineData(true, true, 100, 1)]
    [InlineData(true, false, Limits.AllowedFastLeastPieces - 1, 1)]
    [InlineData(true, false, 100, 0)]
    [InlineData(true, false, 100, 100)]
    public void Nobody_is_without_the_extension_over_IPv6_in_a_small_torrent_or_from_us_who_have_nothing_or_all(bool isFast, bool isV6, int pieceCount, int had)
        => Assert.False(IsAllowed(Swarm(pieceCount, had), isFast ? None : Claim(pieceCount, 1), isFast, isV6));

    [Fact]
    public void It_is_told_once_and_as_soon_as_the_metadata_is_known()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.LinkOpened(1, VirtualSwarm.Address(1), false, true, TimeSpan.Zero);
        swarm.LinkOpened(2, VirtualSwarm.Address(2), false, true, TimeSpan.Zero);
        Assert.Equal(SwarmError.None, swarm.Handle(1, None, TimeSpan.Zero));
        Assert.DoesNotContain(Outputs.Of(swarm), o => o.Kind == SwarmOutputKind.AllowFast);
        Arm(swarm, 100, 1);
        Assert.Equal([1], Allowed(swarm));
        Assert.Equal(SwarmError.None, swarm.Handle(2, Claim(100, 2), TimeSpan.Zero));
        Assert.Equal(SwarmError.None, swarm.Handle(2, PeerMessage.Have(99), TimeSpan.Zero));
        Assert.Equal([2], Allowed(swarm));
        swarm.Handle(2, Claim(100, 3), TimeSpan.Zero);
        Assert.Empty(Allowed(swarm));
    }

    private static bool IsAllowed(TorrentSwarm swarm, PeerMessage claim, bool isFast = true, bool isV6 = false)
    {
        Assert.True(PeerAddress.TryParse("[2001:db8::9]:6881", out PeerAddress v6));
        swarm.LinkOpened(1, isV6 ? v6 : VirtualSwarm.Address(1), false, isFast, TimeSpan.Zero);
        Assert.Equal(SwarmError.None, swarm.Handle(1, claim, TimeSpan.Zero));
        return Allowed(swarm).Count == 1;
    }

    private static List<int> Allowed(TorrentSwarm swarm) => [.. Outputs.Of(swarm).Where(o => o.Kind == SwarmOutputKind.AllowFast).Select(o => o.Link)];

    private static PeerMessage Claim(int pieceCount, int pieces)
    {
        PieceSet set = First(pieceCount, pieces);
        return set.IsEmpty ? None : PeerMessage.Bitfield(set.Bytes.ToArray());
    }

    private static PieceSet First(int pieceCount, int pieces)
    {
        var set = new PieceSet(pieceCount);
        for (int i = 0; i < pieces; i++)
            set.Add(i);
        return set;
    }

    private static TorrentSwarm Swarm(int pieceCount, int had)
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        Arm(swarm, pieceCount, had);
        return swarm;
    }

    private static void Arm(TorrentSwarm swarm, int pieceCount, int had)
        => swarm.Arm(new PieceMap(pieceCount, 16384, pieceCount * 16384L), First(pieceCount, had), First(pieceCount, pieceCount), TimeSpan.Zero);
}
