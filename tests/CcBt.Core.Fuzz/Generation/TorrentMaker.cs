using System.Text;
using CcBt.Core.BEncoding;
using CcBt.Core.Metainfo;

namespace CcBt.Core.Fuzz.Generation;

/// <summary>Makes valid .torrent files of all versions.</summary>
internal static class TorrentMaker
{
    public static byte[] V1(Random random) => Wrap(random, InfoV1(random), null);

    public static byte[] V2(Random random) => WithTree(random, isHybrid: false);

    public static byte[] Hybrid(Random random) => WithTree(random, isHybrid: true);

    public static byte[] InfoV1(Random random)
    {
        int pieceLength = random.Next(1, 9) * 16384;
        var info = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["name"] = Text(random.Name()),
            ["piece length"] = Number(pieceLength),
        };
        long total = 0;
        if (random.Chance(40))
            info["length"] = Number(total = 1 + random.Next(pieceLength * 6));
        else
            info["files"] = Files(random, pieceLength, ref total);
        info["pieces"] = String(random.Bytes((int)((total + pieceLength - 1) / pieceLength) * 20));
        AddExtras(info, random);
        return Dictionary(info);
    }

    private static byte[] Files(Random random, int pieceLength, ref long total)
    {
        var list = new BWriter().BeginList();
        for (int i = random.Next(1, 8); i > 0; i--)
        {
            long length = random.Chance(15) && total > 0 ? 0 : 1 + random.Next(pieceLength * 2);
            list.BeginDictionary();
            if (random.Chance(20))
                list.Key("attr"u8).Text(random.Pick(["x", "h", "p", "xh"]));
            list.Key("length"u8).Integer(length).Key("path"u8).BeginList();
            for (int depth = random.Next(1, 4); depth > 0; depth--)
                list.Text(random.Name());
            list.End().End();
            total += length;
        }
        // A torrent of padding alone has no content.
        list.BeginDictionary().Key("length"u8).Integer(1).Key("path"u8).BeginList().Text("end").End().End();
        total++;
        return list.End().ToArray();
    }

    private static byte[] WithTree(Random random, bool isHybrid)
    {
        int pieceLength = 16384 << random.Next(3);
        string name = "v2 " + random.Name();
        var names = new SortedSet<string>(Comparer<string>.Create(static (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))));
        for (int i = random.Next(1, 6); i > 0; i--)
            names.Add(random.Name());
        names.Remove(name);
        var layers = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var tree = new BWriter().BeginDictionary();
        var list = new BWriter().BeginList();
        long total = 0;
        foreach (string file in names)
            AddFile(random, file, pieceLength, tree, list, layers, ref total);
        var info = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["file tree"] = tree.End().ToArray(),
            ["meta version"] = Number(2),
            ["name"] = Text(name),
            ["piece length"] = Number(pieceLength),
        };
        if (isHybrid)
        {
            info["files"] = list.End().ToArray();
            info["pieces"] = String(random.Bytes((int)((total + pieceLength - 1) / pieceLength) * 20));
        }
        AddExtras(info, random);
        return Wrap(random, Dictionary(info), layers);
    }

    private static void AddFile(Random random, string name, int pieceLength, BWriter tree, BWriter list, SortedDictionary<string, byte[]> layers, ref long total)
    {
        long padding = (pieceLength - total % pieceLength) % pieceLength;
        long length = 1 + random.Next(pieceLength * 4);
        byte[] root = random.Bytes(32);
        int pieces = (int)((length + pieceLength - 1) / pieceLength);
        if (pieces > 1)
        {
            byte[] layer = random.Bytes(pieces * 32);
            root = MerkleTree.Root(layer, MerkleTree.Height(pieceLength));
            layers[Encoding.Latin1.GetString(root)] = String(layer);
        }
        // As a file, or as a directory with a file in it.
        string? inner = random.Chance(30) ? random.Name() : null;
        tree.Key(Encoding.UTF8.GetBytes(name)).BeginDictionary();
        if (inner is not null)
            tree.Key(Encoding.UTF8.GetBytes(inner)).BeginDictionary();
        tree.Key(""u8).BeginDictionary().Key("length"u8).Integer(length).Key("pieces root"u8).String(root).End().End();
        if (inner is not null)
            tree.End();
        if (padding > 0)
        {
            list.BeginDictionary().Key("attr"u8).Text("p").Key("length"u8).Integer(padding)
                .Key("path"u8).BeginList().Text(".pad").Text($"{padding}").End().End();
        }
        list.BeginDictionary().Key("length"u8).Integer(length).Key("path"u8).BeginList().Text(name);
        if (inner is not null)
            list.Text(inner);
        list.End().End();
        total += padding + length;
    }

    private static void AddExtras(SortedDictionary<string, byte[]> info, Random random)
    {
        if (random.Chance(30))
            info["private"] = Number(1);
        if (random.Chance(20))
            info["source"] = Text(random.Word());
        if (random.Chance(10))
            info["zz"] = BencodeMaker.Document(random, 3);
    }

    private static byte[] Wrap(Random random, byte[] info, SortedDictionary<string, byte[]>? layers)
    {
        var outer = new SortedDictionary<string, byte[]>(StringComparer.Ordinal) { ["info"] = info };
        if (random.Chance(60))
            outer["announce"] = Text(random.Url());
        if (random.Chance(40))
            outer["announce-list"] = new BWriter().BeginList().BeginList().Text(random.Url()).Text(random.Url()).End().BeginList().Text(random.Url()).End().End().ToArray();
        if (random.Chance(30))
            outer["creation date"] = Number(random.Next());
        if (random.Chance(30))
            outer["comment"] = Text(random.Name());
        if (random.Chance(20))
            outer["url-list"] = new BWriter().BeginList().Text($"http://{random.Word()}.example/").End().ToArray();
        if (random.Chance(20))
            outer["nodes"] = new BWriter().BeginList().BeginList().Text(random.Word() + ".example").Integer(6881).End().End().ToArray();
        if (layers is not null)
            outer["piece layers"] = Dictionary(layers, Encoding.Latin1);
        return Dictionary(outer);
    }

    private static byte[] Number(long value) => new BWriter().Integer(value).ToArray();

    private static byte[] Text(string value) => new BWriter().Text(value).ToArray();

    private static byte[] String(byte[] value) => new BWriter().String(value).ToArray();

    private static byte[] Dictionary(SortedDictionary<string, byte[]> entries, Encoding? keys = null)
    {
        var writer = new BWriter(1024).BeginDictionary();
        foreach ((string key, byte[] value) in entries)
            writer.Key((keys ?? Encoding.UTF8).GetBytes(key)).Encoded(value);
        return writer.End().ToArray();
    }
}
