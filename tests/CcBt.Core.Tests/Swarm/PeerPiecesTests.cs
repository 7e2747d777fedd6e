using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

public sealed class PeerPiecesTests
{
    [Fact]
    public void A_later_bitfield_adds_to_what_is_known()
    {
        var pieces = new PeerPieces();
        Assert.True(pieces.TryArm(10));
        Assert.Equal(SwarmError.None, pieces.SetNone());
        Assert.Equal(SwarmError.None, pieces.Add(9, out _));

        Assert.Equal(SwarmError.None, pieces.SetBits(new byte[] { 0b1000_0000, 0 }));
        Assert.Equal(SwarmError.None, pieces.SetBits(new byte[] { 0b0010_0000, 0 }));

        Assert.Equal([0, 2, 9], Enumerable.Range(0, 10).Where(i => pieces[i]));
    }

    [Fact]
    public void A_later_bitfield_that_completes_the_peer_makes_it_whole()
    {
        var pieces = new PeerPieces();
        Assert.True(pieces.TryArm(8));
        Assert.Equal(SwarmError.None, pieces.SetBits(new byte[] { 0xF0 }));

        Assert.Equal(SwarmError.None, pieces.SetBits(new byte[] { 0x0F }));

        Assert.True(pieces.IsWhole);
        Assert.Equal(SwarmError.None, pieces.SetBits(new byte[] { 0x01 }));
        Assert.True(pieces[0]);
    }

    [Fact]
    public void Bitfields_before_the_piece_count_is_known_are_joined()
    {
        var pieces = new PeerPieces();
        Assert.Equal(SwarmError.None, pieces.SetBits(new byte[] { 0b1000_0000 }));
        Assert.Equal(SwarmError.None, pieces.SetBits(new byte[] { 0b0100_0000 }));
        Assert.Equal(SwarmError.BadBitfield, pieces.SetBits(new byte[] { 0, 0 }));

        Assert.True(pieces.TryArm(8));

        Assert.Equal([0, 1], Enumerable.Range(0, 8).Where(i => pieces[i]));
    }

    [Fact]
    public void A_peer_that_sends_bitfields_without_end_is_refused()
    {
        var pieces = new PeerPieces();
        Assert.True(pieces.TryArm(8));
        for (int i = 0; i <= Limits.LateBitfields; i++)
            Assert.Equal(SwarmError.None, pieces.SetBits(new byte[] { 0x80 }));

        Assert.Equal(SwarmError.SecondBitfield, pieces.SetBits(new byte[] { 0x80 }));
    }
}
