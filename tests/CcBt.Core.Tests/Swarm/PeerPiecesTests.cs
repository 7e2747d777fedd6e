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
    public void All_and_none_come_once_and_first()
    {
        var pieces = new PeerPieces();
        Assert.Equal(SwarmError.None, pieces.SetAll());
        Assert.True(pieces.IsFull);
        Assert.Equal(SwarmError.SecondBitfield, pieces.SetAll());
        Assert.Equal(SwarmError.SecondBitfield, pieces.SetNone());
        pieces = new PeerPieces();
        Assert.Equal(SwarmError.None, pieces.SetNone());
        Assert.Equal(SwarmError.SecondBitfield, pieces.SetNone());
        Assert.Equal(SwarmError.SecondBitfield, pieces.SetAll());
        Assert.False(pieces.IsWhole);
    }

    [Fact]
    public void A_peer_is_full_when_its_haves_complete_it()
    {
        var pieces = new PeerPieces();
        Assert.False(pieces.IsFull);
        Assert.True(pieces.TryArm(2));
        Assert.False(pieces.IsFull);
        Assert.Equal(SwarmError.None, pieces.Add(0, out bool isNews));
        Assert.True(isNews);
        Assert.Equal(SwarmError.None, pieces.Add(0, out isNews));
        Assert.False(isNews || pieces.IsFull);
        Assert.Equal(SwarmError.None, pieces.Add(1, out _));
        Assert.True(pieces.IsFull);
        Assert.Equal(SwarmError.IndexOutOfRange, pieces.Add(2, out _));
        Assert.Equal(SwarmError.IndexOutOfRange, pieces.Add(-1, out _));
    }

    [Fact]
    public void Claims_before_the_piece_count_is_known_are_bounded()
    {
        var pieces = new PeerPieces();
        Assert.Equal(SwarmError.None, pieces.Add(Limits.EarlyBitfieldBytes * 8 - 1, out _));
        Assert.Equal(SwarmError.IndexOutOfRange, pieces.Add(Limits.EarlyBitfieldBytes * 8, out _));
        Assert.Equal(SwarmError.BadBitfield, pieces.SetBits(new byte[Limits.EarlyBitfieldBytes + 1]));
        Assert.Equal(SwarmError.None, pieces.SetBits(new byte[Limits.EarlyBitfieldBytes]));
        pieces = new PeerPieces();
        for (int piece = 0; piece < Limits.EarlyHaves + 10; piece++)
            Assert.Equal(SwarmError.None, pieces.Add(piece, out _));
        Assert.True(pieces.TryArm(Limits.EarlyHaves + 10));
        Assert.Equal(Limits.EarlyHaves, pieces.Set!.Count);
    }

    [Fact]
    public void One_piece_is_all_of_one_and_none_is_all_of_none()
    {
        var pieces = new PeerPieces();
        Assert.True(pieces.TryArm(1));
        Assert.Equal(SwarmError.None, pieces.SetBits(new byte[] { 0x80 }));
        Assert.True(pieces.IsWhole);
        pieces = new PeerPieces();
        Assert.True(pieces.TryArm(1));
        Assert.Equal(SwarmError.None, pieces.Add(0, out _));
        Assert.True(pieces.IsFull);
        pieces = new PeerPieces();
        Assert.True(pieces.TryArm(0));
        Assert.Equal(SwarmError.None, pieces.SetBits(Array.Empty<byte>()));
        Assert.False(pieces.IsWhole || pieces.IsFull);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_bitfield_has_the_length_of_the_torrent_whenever_it_comes(int bytes)
    {
        var early = new PeerPieces();
        Assert.Equal(SwarmError.None, early.SetBits(Bits(bytes)));
        Assert.False(early.TryArm(16));
        var late = new PeerPieces();
        Assert.True(late.TryArm(16));
        Assert.Equal(SwarmError.BadBitfield, late.SetBits(Bits(bytes)));

        static byte[] Bits(int bytes) => [.. Enumerable.Repeat((byte)0x80, bytes)];
    }

    [Fact]
    public void Of_a_torrent_without_pieces_nobody_has_one()
    {
        var pieces = new PeerPieces();
        Assert.False(pieces.IsArmed);
        Assert.True(pieces.TryArm(0));
        Assert.True(pieces.IsArmed);
        Assert.Equal(SwarmError.IndexOutOfRange, pieces.Add(0, out _));
        Assert.Equal(SwarmError.BadBitfield, pieces.SetBits(new byte[1]));
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public void Early_haves_must_exist(int piece, bool fits)
    {
        var pieces = new PeerPieces();
        pieces.Add(3, out _);
        pieces.Add(piece, out _);
        Assert.Equal(fits, pieces.TryArm(10));
        Assert.Equal(fits, pieces.Set is not null);
    }

    [Fact]
    public void A_peer_that_has_all_may_name_any_piece_and_is_news_with_none()
    {
        var pieces = new PeerPieces();
        pieces.SetAll();
        pieces.Add(3, out _);
        Assert.True(pieces.TryArm(10));
        Assert.Equal(SwarmError.None, pieces.Add(4, out bool isNews));
        Assert.False(isNews);
        Assert.Null(pieces.Set);
        Assert.True(pieces[9]);
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
