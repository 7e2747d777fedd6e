using System.Text;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

public sealed class MetadataMessageTests
{
    [Fact]
    public void Requests_and_rejects_are_written_as_specified()
    {
        Assert.Equal("d8:msg_typei0e5:piecei0ee"u8.ToArray(), new MetadataMessage(MetadataMessageKind.Request, 0).Write());
        Assert.Equal("d8:msg_typei2e5:piecei7ee"u8.ToArray(), new MetadataMessage(MetadataMessageKind.Reject, 7).Write());
    }

    [Fact]
    public void Data_comes_back_with_its_bytes()
    {
        byte[] data = [.. Enumerable.Range(0, 100).Select(static i => (byte)i)];
        byte[] bytes = new MetadataMessage(MetadataMessageKind.Data, 1, 16384 + 100, data).Write();
        Assert.StartsWith("d8:msg_typei1e5:piecei1e10:total_sizei16484ee", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        Assert.True(MetadataMessage.TryRead(bytes, out MetadataMessage read));
        Assert.Equal((MetadataMessageKind.Data, 1, 16484), (read.Kind, read.Piece, read.TotalSize));
        Assert.Equal(data, read.Data.ToArray());
        for (int length = 0; length < bytes.Length; length++)
            Assert.False(MetadataMessage.TryRead(bytes.AsMemory(0, length), out _));
    }

    [Theory]
    [InlineData("d8:msg_typei0e5:piecei-1ee")]
    [InlineData("d8:msg_typei0e5:piecei1024ee")]
    [InlineData("d8:msg_typei0ee")]
    [InlineData("d5:piecei0ee")]
    [InlineData("d8:msg_typei1e5:piecei0ee")]
    [InlineData("d8:msg_typei1e5:piecei0e10:total_sizei2038487152eex")]
    [InlineData("d8:msg_typei1e5:piecei0e10:total_sizei0ee")]
    [InlineData("d8:msg_typei1e5:piecei1e10:total_sizei5eexxxxx")]
    [InlineData("d8:msg_typei1e5:piecei0e10:total_sizei5eexxxxxx")]
    [InlineData("d8:msg_typei1e5:piecei0e10:total_sizei20000eexxxxxx")]
    [InlineData("le")]
    public void What_breaks_the_specification_is_refused(string text)
        => Assert.False(MetadataMessage.TryRead(Encoding.Latin1.GetBytes(text), out _));

    [Theory]
    [InlineData("d8:msg_typei0e5:piecei0ee", 0, 0)]
    [InlineData("d8:msg_typei2e5:piecei1023ee", 2, 1023)]
    [InlineData("d8:msg_typei0e5:piecei4e10:total_sizei9ee", 0, 4)]
    public void Requests_and_rejects_are_read(string text, int kind, int piece)
    {
        Assert.True(MetadataMessage.TryRead(Encoding.Latin1.GetBytes(text), out MetadataMessage read));
        Assert.Equal(new MetadataMessage((MetadataMessageKind)kind, piece), read);
    }

    [Theory]
    [InlineData(1, 0, 1, true)]
    [InlineData(16384, 0, 16384, true)]
    [InlineData(16384, 1, 0, false)]
    [InlineData(Limits.MetadataBytes, 1023, 16384, true)]
    [InlineData(Limits.MetadataBytes + 1, 1023, 16384, false)]
    public void Data_fits_the_size_that_it_names(int size, int piece, int length, bool fits)
    {
        byte[] bytes = new MetadataMessage(MetadataMessageKind.Data, piece, size, new byte[length]).Write();
        Assert.Equal(fits, MetadataMessage.TryRead(bytes, out _));
    }

    [Fact]
    public void A_type_below_those_known_is_unknown_too()
    {
        Assert.True(MetadataMessage.TryRead("d8:msg_typei-1e5:piecei0ee"u8.ToArray(), out MetadataMessage read));
        Assert.Equal(MetadataMessageKind.Unknown, read.Kind);
    }

    [Fact]
    public void A_later_type_is_known_as_unknown()
    {
        Assert.True(MetadataMessage.TryRead("d8:msg_typei3ee"u8.ToArray(), out MetadataMessage later));
        Assert.Equal(MetadataMessageKind.Unknown, later.Kind);
        Assert.True(MetadataMessage.TryRead("d8:msg_typei3e5:piecei0ee"u8.ToArray(), out MetadataMessage read));
        Assert.Equal(MetadataMessageKind.Unknown, read.Kind);
    }
}
