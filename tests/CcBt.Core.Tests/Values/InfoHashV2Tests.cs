namespace CcBt.Core.Tests.Values;

public sealed class InfoHashV2Tests
{
    private const string Hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void KeepsItsBytes()
    {
        var hash = new InfoHashV2(Bytes);
        Assert.Equal(Bytes, hash.ToArray());
        Assert.Equal(Hex, hash.ToString());
        Assert.Equal(new InfoHash(Bytes.AsSpan(0, 20)), hash.Truncated);
    }

    [Fact]
    public void ReadsHex()
    {
        Assert.Equal(new InfoHashV2(Bytes), InfoHashV2.Parse(Hex));
        Assert.Equal(new InfoHashV2(Bytes), InfoHashV2.Parse(Hex.ToUpperInvariant()));
        Assert.False(InfoHashV2.TryParse(Hex[1..], out _));
        Assert.False(InfoHashV2.TryParse(Hex[1..] + "x", out _));
        Assert.False(InfoHashV2.TryParse(null, out _));
        Assert.Contains("'1220'", Assert.Throws<FormatException>(() => InfoHashV2.Parse("1220")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongLengthsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new InfoHashV2(new byte[31]));
        Assert.Throws<ArgumentException>(() => new InfoHashV2(new byte[33]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InfoHashV2(Bytes).CopyTo(new byte[31]));
    }

    [Fact]
    public void EveryByteCountsForEquality()
    {
        var hash = new InfoHashV2(Bytes);
        Assert.True(hash == new InfoHashV2(Bytes));
        Assert.Equal(hash.GetHashCode(), new InfoHashV2(Bytes).GetHashCode());
        Assert.False(hash.Equals(null));
        for (int i = 0; i < 32; i++)
        {
            byte[] changed = [.. Bytes];
            changed[i] ^= 1;
            Assert.True(hash != new InfoHashV2(changed));
            Assert.False(hash.Equals((object)new InfoHashV2(changed)));
        }
    }
}
