using CcBt.Core.BEncoding;
using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>The parser of bencode under each of its limits.</summary>
internal static class BencodeTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Target("bencode-file", BLimits.File),
        Target("bencode-strict", BLimits.File with { StrictKeys = true }),
        Target("bencode-wire", BLimits.Wire),
        Target("bencode-dht", BLimits.Dht),
        Target("bencode-tracker", BLimits.Tracker),
    ];

    private static ParserTarget<BDocument> Target(string name, BLimits limits) => new(
        name,
        InputForm.Bencode,
        random => BencodeMaker.Document(random, limits.MaxTokens < 1000 ? 3 : 5),
        (byte[] input, out BDocument document) => (document = new BDocument()).TryParse(input, limits, out _),
        (input, document, _) => Verify(input, document, limits));

    private static void Verify(byte[] input, BDocument document, BLimits limits)
    {
        int tokens = 0, unsorted = 0;
        int depth = Walk(document.Root, ref tokens, ref unsorted);
        FuzzFailure.When(tokens > limits.MaxTokens, $"{tokens} values passed a limit of {limits.MaxTokens}.");
        FuzzFailure.When(depth > limits.MaxDepth, $"A depth of {depth} passed a limit of {limits.MaxDepth}.");
        FuzzFailure.When(limits.StrictKeys && unsorted > 0, "Unsorted keys passed the strict limits.");
        FuzzFailure.When(!limits.AllowTrailingData && document.Length != input.Length, "Trailing data passed.");
        var writer = new BWriter(input.Length + 16);
        Copy(document.Root, writer);
        // Numbers and lengths have one form only, so what was sorted must come out as it went in.
        bool isSame = writer.Written.SequenceEqual(input.AsSpan(0, document.Length));
        FuzzFailure.When(unsorted == 0 && !isSame, "Writing what was read gives other bytes.");
        var again = new BDocument();
        FuzzFailure.When(!again.TryParse(writer.WrittenMemory, limits with { StrictKeys = true }, out BError error), $"What was written cannot be read: {error}.");
    }

    private static int Walk(BValue value, ref int tokens, ref int unsorted)
    {
        tokens++;
        bool isContainer = value.Kind is BKind.List or BKind.Dictionary;
        int deepest = 0, end = value.Offset;
        byte[]? last = null;
        foreach (BEntry entry in value.Children)
        {
            FuzzFailure.When(entry.Value.Offset < end, "A value begins before the former one ends.");
            end = entry.Value.Offset + entry.Value.Raw.Length;
            if (value.Kind == BKind.Dictionary)
            {
                tokens++;
                byte[] key = entry.Key.ToArray();
                if (last is not null && last.AsSpan().SequenceCompareTo(key) >= 0)
                    unsorted++;
                last = key;
            }
            deepest = Math.Max(deepest, Walk(entry.Value, ref tokens, ref unsorted));
        }
        FuzzFailure.When(end > value.Offset + value.Raw.Length, "A child ends behind its parent.");
        return deepest + (isContainer ? 1 : 0);
    }

    private static void Copy(BValue value, BWriter writer)
    {
        if (value.TryGetInteger(out long number))
            writer.Integer(number);
        else if (value.TryGetBytes(out ReadOnlySpan<byte> bytes))
            writer.String(bytes);
        else if (value.Kind == BKind.List)
            CopyList(value, writer);
        else
            CopyDictionary(value, writer);
    }

    private static void CopyList(BValue value, BWriter writer)
    {
        writer.BeginList();
        foreach (BEntry entry in value.Children)
            Copy(entry.Value, writer);
        writer.End();
    }

    private static void CopyDictionary(BValue value, BWriter writer)
    {
        var entries = new List<(byte[] Key, BValue Value)>();
        foreach (BEntry entry in value.Children)
            entries.Add((entry.Key.ToArray(), entry.Value));
        entries.Sort(static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        writer.BeginDictionary();
        foreach ((byte[] key, BValue entry) in entries)
            Copy(entry, writer.Key(key));
        writer.End();
    }
}
