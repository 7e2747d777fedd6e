using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

public sealed class PieceSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(65)]
    public void It_is_a_set_in_the_layout_of_the_bitfield(int pieces)
    {
        var random = new Random(pieces);
        var set = new PieceSet(pieces);
        var model = new HashSet<int>();
        for (int step = 0; step < 400; step++)
        {
            int piece = random.Next(pieces);
            if (random.Next(2) == 0)
                Assert.Equal(model.Add(piece), set.Add(piece));
            else
                Assert.Equal(model.Remove(piece), set.Remove(piece));
            Assert.Equal((model.Count, model.Count == pieces, model.Count == 0), (set.Count, set.IsFull, set.IsEmpty));
            Assert.All(Enumerable.Range(0, pieces), p => Assert.Equal(model.Contains(p), set[p]));
            Assert.True(PieceSet.TryRead(set.Bytes, pieces, out PieceSet read));
            Assert.Equal((set.Count, pieces), (read.Count, read.PieceCount));
            Assert.Equal(set.Bytes, read.Bytes);
        }
    }

    [Theory]
    [InlineData(1, 1, 0x80)]
    [InlineData(7, 1, 0xFE)]
    [InlineData(8, 1, 0xFF)]
    [InlineData(9, 2, 0x80)]
    [InlineData(16, 2, 0xFF)]
    public void The_first_piece_is_the_highest_bit_and_spare_bits_are_zero(int pieces, int bytes, byte last)
    {
        Assert.Equal(bytes, PieceSet.ByteLength(pieces));
        var set = new PieceSet(pieces);
        set.Add(0);
        Assert.Equal(0x80, set.Bytes[0]);
        set.Fill();
        Assert.Equal((pieces, last), (set.Count, set.Bytes[^1]));
        PieceSet copy = set.Clone();
        set.Clear();
        Assert.True(set.IsEmpty && copy.IsFull);
        Assert.All(set.Bytes.ToArray(), b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData("80", 9)]
    [InlineData("800000", 9)]
    [InlineData("", 1)]
    [InlineData("80", 0)]
    [InlineData("8040", 9)]
    [InlineData("8001", 9)]
    [InlineData("01", 7)]
    [InlineData("40", 1)]
    public void A_bitfield_of_another_length_or_with_spare_bits_is_refused(string hex, int pieces)
        => Assert.False(PieceSet.TryRead(Convert.FromHexString(hex), pieces, out _));

    [Fact]
    public void Pieces_that_do_not_exist_are_refused_even_where_the_last_byte_has_room()
    {
        Assert.True(PieceSet.TryRead([], 0, out PieceSet none));
        none.Fill();
        Assert.True(none.IsFull && none.IsEmpty);
        var set = new PieceSet(9);
        foreach (int piece in new[] { -1, 9, 15, 16 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => set.Add(piece));
            Assert.Throws<ArgumentOutOfRangeException>(() => set.Remove(piece));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new PieceSet(-1));
    }
}
