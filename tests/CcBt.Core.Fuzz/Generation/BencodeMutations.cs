using System.Globalization;
using System.Text;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Fuzz.Generation;

/// <summary>Mutations that know where the values of a document are.</summary>
internal static class BencodeMutations
{
    private static readonly BLimits s_limits = new(1000, 1_000_000, Mutator.MostBytes, false, true);

    public static void Apply(List<byte> bytes, Random random)
    {
        byte[] data = [.. bytes];
        var document = new BDocument();
        if (!document.TryParse(data, s_limits, out _))
        {
            bytes.InsertRange(Mutator.Place(bytes, random), random.Pick(SpecTokens.Of(InputForm.Bencode)));
            return;
        }
        (int start, int end, BValue value) = Choose(document.Root, random);
        switch (random.Next(7))
        {
            case 0:
                Replace(bytes, start, end, Number(random.Edge()));
                break;
            case 1:
                LieOfLength(bytes, value, start, random);
                break;
            case 2:
                Duplicate(bytes, document.Root, random);
                break;
            case 3:
                Nest(bytes, start, end, random);
                break;
            case 4:
                Replace(bytes, start, end, random.Pick(SpecTokens.Of(InputForm.Bencode)));
                break;
            case 5:
                Replace(bytes, start, end, Choose(document.Root, random).Value.Raw.ToArray());
                break;
            default:
                Resize(bytes, value, start, end, random);
                break;
        }
    }

    /// <summary>A random value: down from the root, with a chance to stop at every level.</summary>
    private static (int Start, int End, BValue Value) Choose(BValue value, Random random)
    {
        while (value.Count is var count and > 0 && !random.Chance(15))
        {
            int index = random.Next(count);
            foreach (BEntry entry in value.Children)
            {
                if (index-- == 0)
                {
                    value = entry.Value;
                    break;
                }
            }
        }
        return (value.Offset, value.Offset + value.Raw.Length, value);
    }

    private static void Replace(List<byte> bytes, int start, int end, byte[] with)
    {
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, with);
    }

    private static byte[] Number(long number) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"i{number}e"));

    private static void LieOfLength(List<byte> bytes, BValue value, int start, Random random)
    {
        if (value.Kind != BKind.String)
            return;
        int digits = value.Raw.IndexOf((byte)':');
        long claimed = random.Chance(50) ? value.Bytes.Length + random.Next(-2, 3) : Math.Abs(random.Edge() | 1);
        Replace(bytes, start, start + digits, Encoding.ASCII.GetBytes(claimed.ToString(CultureInfo.InvariantCulture)));
    }

    private static void Duplicate(List<byte> bytes, BValue root, Random random)
    {
        (_, int end, BValue container) = Choose(root, random);
        if (container.Count == 0)
            (container, end) = (root, root.Offset + root.Raw.Length);
        int index = random.Next(Math.Max(1, container.Count));
        foreach (BEntry entry in container.Children)
        {
            if (index-- > 0)
                continue;
            int from = container.Kind == BKind.Dictionary ? entry.KeyOffset : entry.Value.Offset;
            byte[] copy = bytes.GetRange(from, entry.Value.Offset + entry.Value.Raw.Length - from).ToArray();
            bytes.InsertRange(random.Chance(50) ? end - 1 : from, copy);
            return;
        }
    }

    private static void Nest(List<byte> bytes, int start, int end, Random random)
    {
        int depth = random.Chance(20) ? random.Next(1, 2000) : random.Next(1, 40);
        bool isList = random.Chance(50);
        string open = isList ? "l" : "d1:a";
        bytes.InsertRange(end, Enumerable.Repeat((byte)'e', depth));
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(open, depth))));
    }

    private static void Resize(List<byte> bytes, BValue value, int start, int end, Random random)
    {
        if (value.Kind != BKind.String)
            return;
        int length = random.Chance(80) ? Math.Max(0, value.Bytes.Length + random.Next(-21, 22)) : random.Next(1 << random.Next(1, 15));
        byte[] content = random.Bytes(length);
        value.Bytes[..Math.Min(length, value.Bytes.Length)].CopyTo(content);
        Replace(bytes, start, end, [.. Encoding.ASCII.GetBytes($"{length}:"), .. content]);
    }
}
