using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

public sealed class AllowedFastSetTests
{
    private static readonly InfoHash Hash = InfoHash.Parse(new string('a', 40));
    private static readonly PeerAddress Peer = PeerAddress.FromV4(0x500404C8, 6881);

    [Fact]
    public void The_examples_of_the_specification_hold()
    {
        var pieces = new int[9];
        Assert.Equal(7, AllowedFastSet.Compute(Peer, Hash, 1313, pieces.AsSpan(0, 7)));
        Assert.Equal([1059, 431, 808, 1217, 287, 376, 1188], pieces.AsSpan(0, 7).ToArray());
        Assert.Equal(9, AllowedFastSet.Compute(Peer, Hash, 1313, pieces));
        Assert.Equal([1059, 431, 808, 1217, 287, 376, 1188, 353, 508], pieces);
    }

    [Fact]
    public void A_small_torrent_gives_all_its_pieces_once()
    {
        var pieces = new int[AllowedFastSet.UsualCount];
        Assert.Equal(3, AllowedFastSet.Compute(Peer, Hash, 3, pieces));
        Assert.Equal([0, 1, 2], pieces.AsSpan(0, 3).ToArray().Order());
        Assert.Equal(0, AllowedFastSet.Compute(Peer, Hash, 0, pieces));
    }

    [Fact]
    public void A_set_of_one_piece_is_made_too()
    {
        var pieces = new int[AllowedFastSet.UsualCount];
        Assert.Equal(1, AllowedFastSet.Compute(Peer, Hash, 1, pieces));
        Assert.Equal(1, AllowedFastSet.Compute(Peer, Hash, 1313, pieces.AsSpan(0, 1)));
        Assert.Equal(1059, pieces[0]);
    }

    [Fact]
    public void The_last_octet_makes_no_difference_and_IPv6_has_no_set()
    {
        var first = new int[10];
        var second = new int[10];
        AllowedFastSet.Compute(Peer, Hash, 1313, first);
        AllowedFastSet.Compute(PeerAddress.FromV4(0x50040401, 1), Hash, 1313, second);
        Assert.Equal(first, second);
        Assert.Equal(0, AllowedFastSet.Compute(PeerAddress.FromBytes(new byte[] { 0x20, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }, 1), Hash, 1313, first));
    }
}
