using System.Text;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Fuzz.Generation;

/// <summary>Makes canonical bencode of random shape.</summary>
internal static class BencodeMaker
{
    /// <summary>A document; a dictionary when <paramref name="isDictionary"/>.</summary>
    public static byte[] Document(Random random, int depth = 5, bool isDictionary = false)
    {
        var writer = new BWriter();
        if (isDictionary)
            Dictionary(writer, random, depth);
        else
            Value(writer, random, depth);
        return writer.ToArray();
    }

    private static void Value(BWriter writer, Random random, int depth)
    {
        int kind = random.Next(depth > 0 ? 4 : 2);
        if (kind == 0)
            writer.Integer(random.Edge());
        else if (kind == 1)
            writer.String(random.Bytes(random.Next(12)));
        else if (kind == 2)
            List(writer, random, depth);
        else
            Dictionary(writer, random, depth);
    }

    private static void List(BWriter writer, Random random, int depth)
    {
        writer.BeginList();
        for (int i = random.Next(5); i > 0; i--)
            Value(writer, random, depth - 1);
        writer.End();
    }

    private static void Dictionary(BWriter writer, Random random, int depth)
    {
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = random.Next(6); i > 0; i--)
            keys.Add(random.Chance(5) ? "" : random.Word());
        writer.BeginDictionary();
        foreach (string key in keys)
        {
            writer.Key(Encoding.ASCII.GetBytes(key));
            Value(writer, random, depth - 1);
        }
        writer.End();
    }
}
