using System.Text;
using CcBt.Core.BEncoding;
using FsCheck;
using FsCheck.Fluent;

namespace CcBt.Core.Tests.BEncoding;

public sealed class BWriterTests
{
    [Fact]
    public void WritesEveryKind()
    {
        byte[] bytes = new BWriter().BeginDictionary()
            .Key("cow"u8).Text("moo")
            .Key("list"u8).BeginList().Integer(long.MinValue).Integer(0).String([]).BeginDictionary().End().End()
            .Key("raw"u8).Encoded("i5e"u8)
            .End().ToArray();
        Assert.Equal("d3:cow3:moo4:listli-9223372036854775808ei0e0:dee3:rawi5ee", Encoding.Latin1.GetString(bytes));
    }

    [Fact]
    public void KeysMustSort()
    {
        BWriter writer = new BWriter().BeginDictionary().Key("b"u8).Integer(1);
        Assert.Contains("'a'", Assert.Throws<InvalidOperationException>(() => writer.Key("a"u8)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => writer.Key("b"u8));
        writer.Key("b\0"u8).Integer(2);
        Assert.Equal("d1:bi1e2:b\0i2ee", Encoding.Latin1.GetString(writer.End().ToArray()));
    }

    [Fact]
    public void AKeyOfAnInnerDictionaryDoesNotCountForTheOuterOne()
    {
        byte[] bytes = new BWriter().BeginDictionary()
            .Key("a"u8).BeginDictionary().Key("z"u8).Integer(1).End()
            .Key("b"u8).Integer(2).End().ToArray();
        Assert.Equal("d1:ad1:zi1ee1:bi2ee", Encoding.Latin1.GetString(bytes));
    }

    [Fact]
    public void WhatWouldNotBeBencodeIsRefused()
    {
        Assert.Throws<InvalidOperationException>(() => new BWriter().End());
        Assert.Throws<InvalidOperationException>(() => new BWriter().Key("a"u8));
        Assert.Throws<InvalidOperationException>(() => new BWriter().BeginList().Key("a"u8));
        Assert.Throws<InvalidOperationException>(() => new BWriter().BeginDictionary().Integer(1));
        Assert.Throws<InvalidOperationException>(() => new BWriter().BeginDictionary().Key("a"u8).End());
        Assert.Throws<InvalidOperationException>(() => new BWriter().BeginDictionary().Key("a"u8).Key("b"u8));
        Assert.Throws<InvalidOperationException>(() => new BWriter().Integer(1).Integer(2));
    }

    [Fact]
    public void ClearBeginsAnew()
    {
        BWriter writer = new BWriter().BeginList();
        writer.Clear();
        Assert.Equal("i1e", Encoding.Latin1.GetString(writer.Integer(1).Written));
        Assert.Equal(3, writer.Length);
        Assert.Equal(writer.Written, writer.WrittenMemory.Span);
    }

    [Fact]
    public void WhatIsWrittenReadsBackStrictlyAndIsWrittenTheSame()
    {
        Arbitrary<int> seeds = ArbMap.Default.ArbFor<int>();
        Prop.ForAll(seeds, static seed =>
        {
            var writer = new BWriter();
            WriteRandom(writer, new Random(seed), 6);
            BValue value = Bencode.Parse(writer.ToArray(), BLimits.File with { StrictKeys = true });
            var again = new BWriter();
            Bencode.Write(again, value);
            return again.Written.SequenceEqual(writer.Written);
        }).Check(Seeded.Config);
    }

    private static void WriteRandom(BWriter writer, Random random, int depth)
    {
        switch (random.Next(depth > 0 ? 4 : 2))
        {
            case 0:
                writer.Integer(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64));
                break;
            case 1:
                writer.String(RandomBytes(random));
                break;
            case 2:
                writer.BeginList();
                for (int i = random.Next(5); i > 0; i--)
                    WriteRandom(writer, random, depth - 1);
                writer.End();
                break;
            default:
                var keys = new SortedSet<byte[]>(Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)));
                for (int i = random.Next(5); i > 0; i--)
                    keys.Add(RandomBytes(random));
                writer.BeginDictionary();
                foreach (byte[] key in keys)
                    WriteRandom(writer.Key(key), random, depth - 1);
                writer.End();
                break;
        }
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(12)];
        random.NextBytes(bytes);
        return bytes;
    }
}
