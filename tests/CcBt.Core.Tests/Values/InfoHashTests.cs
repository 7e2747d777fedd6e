namespace CcBt.Core.Tests.Values;

public sealed class InfoHashTests
{
    private const string Hex = "000102030405060708090a0b0c0d0e0f10111213";
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 20).Select(i => (byte)i)];

    [Fact]
    public void KeepsItsBytes()
    {
        var hash = new InfoHash(Bytes);
        Assert.Equal(Bytes, hash.ToArray());
        Assert.Equal(Hex, hash.ToString());
        var longer = new byte[22];
        hash.CopyTo(longer);
        Assert.Equal([.. Bytes, 0, 0], longer);
    }

    [Theory]
    [InlineData(Hex)]
    [InlineData("000102030405060708090A0B0C0D0E0F10111213")]
    [InlineData("AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT")]
    [InlineData("aaaqeayeaudaocajbifqydiob4ibceqt")]
    public void ReadsHexAndBase32(string text)
    {
        Assert.True(InfoHash.TryParse(text, out InfoHash hash));
        Assert.Equal(new InfoHash(Bytes), hash);
        Assert.Equal(hash, InfoHash.Parse(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00010203040506070809")]
    [InlineData("000102030405060708090a0b0c0d0e0f1011121g")]
    [InlineData("000102030405060708090a0b0c0d0e0f1011121\u0661")]
    [InlineData("AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQ1")]
    [InlineData("AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQ\u0131")]
    [InlineData("AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQ\u017F")]
    public void RefusesOtherText(string? text)
    {
        Assert.False(InfoHash.TryParse(text, out InfoHash hash));
        Assert.Equal(default, hash);
    }

    [Fact]
    public void ParseNamesTheText()
        => Assert.Contains("'xyz'", Assert.Throws<FormatException>(() => InfoHash.Parse("xyz")).Message, StringComparison.Ordinal);

    [Fact]
    public void WrongLengthsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new InfoHash(new byte[19]));
        Assert.Throws<ArgumentException>(() => new InfoHash(new byte[21]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InfoHash(Bytes).CopyTo(new byte[19]));
    }

    [Fact]
    public void EveryByteCountsForEquality()
    {
        var hash = new InfoHash(Bytes);
        Assert.True(hash == new InfoHash(Bytes));
        Assert.Equal(hash.GetHashCode(), new InfoHash(Bytes).GetHashCode());
        Assert.False(hash.Equals(null));
        for (int i = 0; i < 20; i++)
        {
            byte[] changed = [.. Bytes];
            changed[i] ^= 0x80;
            Assert.True(hash != new InfoHash(changed));
            Assert.False(hash.Equals((object)new InfoHash(changed)));
        }
    }
}
