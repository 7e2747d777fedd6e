using CcBt.Core.BEncoding;

namespace CcBt.Core.Tests.BEncoding;

public sealed class BParserFuzzTests
{
    private static readonly byte[] Sample = Bencode.Bytes(
        "d8:announce20:http://t.example/ann13:announce-listll1:ael1:bee7:comment0:4:infod5:filesld6:lengthi-12e4:pathl1:x2:yyeee4:name4:root12:piece lengthi16384eee");

    [Fact]
    public void EveryTruncationIsAnErrorInsideTheInput()
    {
        Bencode.Parse(Sample, BLimits.File);
        for (int length = 0; length < Sample.Length; length++)
        {
            BError error = Bencode.Fail(Sample[..length], BLimits.File);
            Assert.InRange(error.Offset, 0, length);
        }
    }

    [Fact]
    public void MutationsAreReadOrRefusedButNeverMisread()
    {
        const int seed = 20_260_731;
        var random = new Random(seed);
        var document = new BDocument();
        int accepted = 0;
        for (int round = 0; round < 50_000; round++)
        {
            byte[] data = Mutate(Sample, random);
            if (!document.TryParse(data, BLimits.File, out BError error))
            {
                Assert.True(error.Code != BErrorCode.None && error.Offset >= 0 && error.Offset <= data.Length, $"seed {seed}, round {round}: {error}");
                continue;
            }
            accepted++;
            Assert.Equal(data.Length, document.Length);
            CheckSpans(document.Root);
            if (!document.TryParse(data, BLimits.File with { StrictKeys = true }, out _))
                continue;
            var writer = new BWriter();
            Bencode.Write(writer, document.Root);
            Assert.True(writer.Written.SequenceEqual(data), $"seed {seed}, round {round}: written again the bytes differ");
        }
        Assert.True(accepted > 1000, $"Only {accepted} mutations were accepted: the test looks at too little.");
    }

    private static void CheckSpans(BValue value)
    {
        int end = value.Offset + 1;
        foreach (BEntry entry in value.Children)
        {
            Assert.True(entry.Value.Offset >= end);
            end = entry.Value.Offset + entry.Value.Raw.Length;
            CheckSpans(entry.Value);
        }
        Assert.True(end <= value.Offset + value.Raw.Length);
    }

    private static byte[] Mutate(byte[] sample, Random random)
    {
        var data = new List<byte>(sample);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(data.Count);
            switch (random.Next(4))
            {
                case 0:
                    data[at] = (byte)random.Next(256);
                    break;
                case 1:
                    data.Insert(at, "ilde0123:-"u8[random.Next(10)]);
                    break;
                case 2:
                    data.RemoveAt(at);
                    break;
                default:
                    int from = random.Next(data.Count), length = random.Next(Math.Min(12, data.Count - from));
                    data.InsertRange(at, data.GetRange(from, length));
                    break;
            }
        }
        return [.. data];
    }
}
