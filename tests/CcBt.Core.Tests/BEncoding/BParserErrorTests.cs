using CcBt.Core.BEncoding;

namespace CcBt.Core.Tests.BEncoding;

public sealed class BParserErrorTests
{
    [Theory]
    [InlineData("", "UnexpectedEnd", 0)]
    [InlineData("e", "UnexpectedByte", 0)]
    [InlineData("x", "UnexpectedByte", 0)]
    [InlineData("-1:a", "UnexpectedByte", 0)]
    [InlineData("/:a", "UnexpectedByte", 0)]
    [InlineData(":a", "UnexpectedByte", 0)]
    [InlineData("l", "UnexpectedEnd", 1)]
    [InlineData("li1e", "UnexpectedEnd", 4)]
    [InlineData("li1e?e", "UnexpectedByte", 4)]
    [InlineData("i", "UnexpectedEnd", 0)]
    [InlineData("i-", "UnexpectedEnd", 0)]
    [InlineData("i12", "UnexpectedEnd", 0)]
    [InlineData("ie", "InvalidInteger", 0)]
    [InlineData("i-e", "InvalidInteger", 0)]
    [InlineData("i-0e", "InvalidInteger", 0)]
    [InlineData("i03e", "InvalidInteger", 0)]
    [InlineData("i-03e", "InvalidInteger", 0)]
    [InlineData("i00e", "InvalidInteger", 0)]
    [InlineData("i+1e", "InvalidInteger", 0)]
    [InlineData("i 1e", "InvalidInteger", 0)]
    [InlineData("i1.5e", "InvalidInteger", 0)]
    [InlineData("i--1e", "InvalidInteger", 0)]
    [InlineData("i9223372036854775808e", "IntegerOverflow", 0)]
    [InlineData("i-9223372036854775809e", "IntegerOverflow", 0)]
    [InlineData("i18446744073709551615e", "IntegerOverflow", 0)]
    [InlineData("i18446744073709551616e", "IntegerOverflow", 0)]
    [InlineData("i99999999999999999999999999e", "IntegerOverflow", 0)]
    [InlineData("4:spa", "StringTooLong", 0)]
    [InlineData("5", "StringTooLong", 0)]
    [InlineData("05:hello", "InvalidStringLength", 0)]
    [InlineData("00:", "InvalidStringLength", 0)]
    [InlineData("1x", "InvalidStringLength", 0)]
    [InlineData("99999999999999999999999:a", "StringTooLong", 0)]
    [InlineData("2147483648:a", "StringTooLong", 0)]
    [InlineData("4294967297:a", "StringTooLong", 0)]
    [InlineData("d", "UnexpectedEnd", 1)]
    [InlineData("di1ei2ee", "KeyNotString", 1)]
    [InlineData("dlei2ee", "KeyNotString", 1)]
    [InlineData("d/:i2ee", "KeyNotString", 1)]
    [InlineData("d:i2ee", "KeyNotString", 1)]
    [InlineData("d1:ae", "KeyWithoutValue", 4)]
    [InlineData("d1:ai1e1:be", "KeyWithoutValue", 10)]
    [InlineData("d1:ai1e1:ai2ee", "DuplicateKey", 7)]
    [InlineData("d1:bi1e1:ai2e1:bi3ee", "DuplicateKey", 13)]
    [InlineData("ld1:bi1e1:ai2e1:bi3eee", "DuplicateKey", 14)]
    [InlineData("i1ei2e", "TrailingData", 3)]
    [InlineData("lee", "TrailingData", 2)]
    public void SaysWhatIsWrongAndWhere(string text, string code, int offset)
        => Assert.Equal(new BError(Enum.Parse<BErrorCode>(code), offset), Bencode.Fail(Bencode.Bytes(text), BLimits.File));

    [Fact]
    public void DepthIsBounded()
    {
        BLimits limits = BLimits.File with { MaxDepth = 5 };
        Bencode.Parse(Bencode.Bytes("llllleeeee"), limits);
        Assert.Equal(new BError(BErrorCode.TooDeep, 5), Bencode.Fail(Bencode.Bytes("lllllleeeeee"), limits));
    }

    [Theory]
    [InlineData('l')]
    [InlineData('d')]
    public void AMillionLevelsCostNoStack(char open)
    {
        byte[] data = new byte[2_000_000];
        Array.Fill(data, (byte)'e');
        for (int i = 0; i < 1_000_000; i++)
            data[i] = (byte)open;
        BError error = Bencode.Fail(data, BLimits.File with { MaxDepth = int.MaxValue, MaxTokens = 999_999 });
        Assert.Equal(open == 'l' ? BErrorCode.TooManyTokens : BErrorCode.KeyNotString, error.Code);
        Assert.Equal(open == 'l' ? BErrorCode.TooDeep : BErrorCode.KeyNotString, Bencode.Fail(data, BLimits.File).Code);
    }

    [Fact]
    public void AMillionLevelsAreReadWhereTheyAreAllowed()
    {
        byte[] data = new byte[2_000_000];
        Array.Fill(data, (byte)'l', 0, 1_000_000);
        Array.Fill(data, (byte)'e', 1_000_000, 1_000_000);
        BValue root = Bencode.Parse(data, BLimits.File with { MaxDepth = 1_000_000 });
        Assert.Equal(data.Length, root.Raw.Length);
        Assert.Equal(1, root.Count);
    }

    [Fact]
    public void TokensAndLengthAreBounded()
    {
        BLimits limits = BLimits.File with { MaxTokens = 4, MaxLength = 14 };
        Bencode.Parse(Bencode.Bytes("li1ei2ei3ee"), limits);
        Assert.Equal(new BError(BErrorCode.TooManyTokens, 10), Bencode.Fail(Bencode.Bytes("li1ei2ei3ei4ee"), limits));
        Assert.Equal(new BError(BErrorCode.InputTooLong, 14), Bencode.Fail(Bencode.Bytes("li1ei2ei3e1234e"), limits));
    }

    [Fact]
    public void ManyUnsortedDictionariesTakeNoCopiesOfTheInput()
    {
        var data = new byte[2 + 12 * 50_000];
        data[0] = (byte)'l';
        for (int i = 0; i < 50_000; i++)
            "d1:b0:1:a0:e"u8.CopyTo(data.AsSpan(1 + 12 * i));
        data[^1] = (byte)'e';
        long before = GC.GetAllocatedBytesForCurrentThread();
        BValue root = Bencode.Parse(data, BLimits.File);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(50_000, root.Count);
        Assert.InRange(allocated, 0, 100L * data.Length);
    }
}
