using System.Text;
using CcBt.Core.BEncoding;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Metainfo;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>What becomes of the names in a torrent.</summary>
internal static class PathTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ParserTarget<string>("path-element", InputForm.Text, random => Encoding.UTF8.GetBytes(random.Name()), Sanitize, VerifyElement),
        new ParserTarget<List<string>>("path-allocator", InputForm.Bencode, MakeList, Allocate, (_, paths, _) => SafePaths.Check(paths)),
    ];

    private static bool Sanitize(byte[] input, out string element)
    {
        element = PathSanitizer.Element(input);
        return true;
    }

    private static void VerifyElement(byte[] input, string element, bool isValid)
    {
        SafePaths.CheckElement(element);
        FuzzFailure.When(PathSanitizer.Element(element) != element, $"'{element}' is changed by a second pass into '{PathSanitizer.Element(element)}'.");
    }

    /// <summary>The files of an info dictionary: what a path allocates is bounded by what it costs to name it there.</summary>
    private static byte[] MakeList(Random random)
    {
        var list = new BWriter().BeginList();
        for (int i = random.Next(1, 12); i > 0; i--)
            AddPath(list, random, Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Name()));
        // Names that collide, also with the number that one of them gets, more directories than there may be, and more bytes.
        if (random.Chance(10))
        {
            foreach (string name in new[] { "x", "X.1", "x" })
                AddPath(list, random, [name]);
        }
        if (random.Chance(5))
            AddPath(list, random, Enumerable.Repeat("d", random.Next(Limits.PathDepth, Limits.PathDepth + 3)));
        if (random.Chance(5))
            AddPath(list, random, Enumerable.Repeat(new string('l', 250), random.Next(14, 19)));
        return list.End().ToArray();
    }

    private static void AddPath(BWriter list, Random random, IEnumerable<string> path)
    {
        list.BeginDictionary().Key("length"u8).Integer(random.Next(1000)).Key("path"u8).BeginList();
        foreach (string element in path)
            list.Text(element);
        list.End().End();
    }

    private static bool Allocate(byte[] input, out List<string> paths)
    {
        paths = [];
        var document = new BDocument();
        if (!document.TryParse(input, BLimits.File, out _))
            return false;
        var allocator = new PathAllocator();
        foreach (BEntry file in document.Root.Children)
        {
            PathNode? directory = allocator.Root;
            BValue last = default;
            foreach (BEntry element in file.Value["path"u8].Children)
            {
                directory = last.Exists && directory is not null ? allocator.Enter(directory, last.Bytes, out _) : directory;
                last = element.Value;
            }
            if (last.Exists && directory is not null && allocator.Add(directory, last.Bytes, out _) is { } path)
                paths.Add(path);
        }
        return true;
    }
}
