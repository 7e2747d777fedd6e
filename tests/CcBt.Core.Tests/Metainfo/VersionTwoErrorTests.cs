using System.Text;

namespace CcBt.Core.Tests.Metainfo;

public sealed class VersionTwoErrorTests
{
    [Fact]
    public void AMissingOrForeignLayerIsRefused()
    {
        string data = Text("single-v2");
        int layers = data.IndexOf("12:piece layers", StringComparison.Ordinal);
        CheckFails(data[..layers] + "e", "piece layers", "missing");
        CheckFails(data[..layers] + "12:piece layersdee", "piece layers", "missing");
        CheckFails(data[..layers] + "12:piece layersi1ee", "piece layers", "not a dictionary");
        CheckFails(data[..^2] + "32:" + new string('\u00FF', 32) + "32:" + new string('x', 32) + "ee", "piece layers", "belongs to no file");
        CheckFails(data[..layers] + "12:piece layersd3:abc3:xyzee", "piece layers", "not a hash");
        CheckFails(data[..layers] + "12:piece layersd32:" + new string('x', 32) + "i1eee", "piece layers", "not a string");
    }

    [Fact]
    public void ALayerThatLiesIsRefused()
    {
        string data = Text("single-v2");
        CheckFails(data[..^3] + (char)(data[^3] ^ 1) + data[^2..], "piece layers", "does not belong to its root");
        int layer = data.LastIndexOf("320:", StringComparison.Ordinal);
        CheckFails(data[..layer] + "288:" + data[(layer + 4)..(layer + 292)] + "ee", "piece layers", "10 hashes");
        CheckFails(data[..layer] + "321:" + data[(layer + 4)..^2] + "xee", "piece layers", "10 hashes");
    }

    [Fact]
    public void ARootMustBe32BytesThatAreNotZero()
    {
        string data = Text("single-v2");
        int root = data.IndexOf("11:pieces root32:", StringComparison.Ordinal);
        CheckFails(data[..(root + 17)] + new string('\0', 32) + data[(root + 49)..], "info.file tree.pieces root", "not all zero");
        CheckFails(data[..root] + data[(root + 49)..], "info.file tree.pieces root", "missing");
        CheckFails(data[..root] + "11:pieces root3:abc" + data[(root + 49)..], "info.file tree.pieces root", "32 bytes");
    }

    [Theory]
    [InlineData("d0:d6:lengthi5eee", "neither a file")]
    [InlineData("d1:ai5ee", "neither a file")]
    [InlineData("d1:ad0:i5eee", "a file and a directory")]
    [InlineData("d1:ad0:d6:lengthi0ee1:bd0:d6:lengthi0eeeee", "a file and a directory")]
    [InlineData("d1:ad0:deee", "missing")]
    [InlineData("d1:ad0:d6:lengthi-1eeee", "from 0")]
    [InlineData("d1:ad0:d6:lengthi0eeee", "no content")]
    [InlineData("d1:ade1:bdee", "no content")]
    [InlineData("de", "no content")]
    [InlineData("le", "not a dictionary")]
    [InlineData("d1:bd0:d6:lengthi0eee1:ad0:d6:lengthi0eeee", "UnsortedKeys")]
    public void AWrongTreeIsRefused(string tree, string message)
        => Assert.Contains(message, Assert.Throws<TorrentFormatException>(() => Parse($"d4:infod9:file tree{tree}12:meta versioni2e4:name1:n12:piece lengthi16384eee")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("8192", "from 16384")]
    [InlineData("49152", "power of two")]
    public void PiecesArePowersOfTwo(string length, string message)
        => CheckFails($"d4:infod9:file treede12:meta versioni2e4:name1:n12:piece lengthi{length}eee", "info.piece length", message);

    [Theory]
    [InlineData("lengthi5e4:pathl9:notes.txt", "lengthi5e4:pathl9:notes.txu", "another path")]
    [InlineData("attr1:p6:lengthi28304e", "attr1:p6:lengthi28303e", "hashes|begin a piece")]
    [InlineData("d6:lengthi5e4:pathl9:notes.txtee", "d6:lengthi5e4:pathl9:notes.txteed6:lengthi0e4:pathl1:zee", "fewer files")]
    [InlineData("d6:lengthi5e4:pathl9:notes.txtee", "d4:attr1:p6:lengthi5e4:pathl9:notes.txtee", "more files")]
    [InlineData("lengthi5e4:pathl9:notes.txt", "lengthi4e4:pathl9:notes.txt", "another length")]
    [InlineData("d6:lengthi0e4:pathl9:empty.txtee", "d4:attr1:l6:lengthi0e4:pathl9:empty.txtee", "symbolic link")]
    [InlineData("e4:name5:album", "e4:name5:other", "")]
    public void BothPartsOfAHybridMustAgree(string from, string to, string message)
    {
        string data = Text("album-hybrid");
        Assert.Contains(from, data, StringComparison.Ordinal);
        string changed = data.Replace(from, to, StringComparison.Ordinal);
        if (message.Length == 0)
        {
            Assert.Equal("other/disc 1/one.bin", Parse(changed).Files[0].Path);
            return;
        }
        string error = Assert.Throws<TorrentFormatException>(() => Parse(changed)).Message;
        Assert.Contains(message.Split('|'), part => error.Contains(part, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("5:filesld6:lengthi16384e4:pathl1:aeee")]
    [InlineData("6:lengthi16384e")]
    public void HalfOfVersionOneBesideVersionTwoIsRefused(string half)
    {
        string tree = $"9:file treed1:ad0:d6:lengthi16384e11:pieces root32:{new string('r', 32)}eee";
        Assert.Equal(16384, Parse($"d4:infod{tree}12:meta versioni2e4:name1:a12:piece lengthi16384eee").TotalSize);
        CheckFails($"d4:infod{tree}{half}12:meta versioni2e4:name1:a12:piece lengthi16384eee", "info.pieces", "missing");
    }

    [Fact]
    public void ASingleFileCanNotBeADirectoryInTheOtherPart()
        => Assert.Contains("single file", Assert.Throws<TorrentFormatException>(() => Parse(Text("single-hybrid").Replace("4:name10:single.bin", "4:name10:single.bix", StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Fact]
    public void AFileOfExactlyOnePieceHasNoLayer()
    {
        string root = new('r', 32);
        string info = $"d9:file treed1:ad0:d6:lengthi16384e11:pieces root32:{root}eee12:meta versioni2e4:name1:a12:piece lengthi16384ee";
        Assert.Equal(16384, Parse($"d4:info{info}12:piece layersdee").TotalSize);
        Assert.Equal(16384, Parse($"d4:info{info}e").TotalSize);
        CheckFails($"d4:info{info}12:piece layersd32:{root}32:{root}ee", "piece layers", "belongs to no file");
    }

    [Fact]
    public void ATreeThatBeginsWithTheTorrentsNameAndGoesOnIsADirectory()
    {
        const string empty = "d0:d6:lengthi0eee";
        string full = $"d0:d6:lengthi5e11:pieces root32:{new string('r', 32)}ee";
        Torrent torrent = Parse($"d4:infod9:file treed1:n{full}1:o{empty}e12:meta versioni2e4:name1:n12:piece lengthi16384eee");
        Assert.Equal(["n/n", "n/o"], torrent.Files.Select(f => f.Path));
    }

    [Fact]
    public void ATreeOfTooManyPiecesIsRefused()
    {
        const long most = (long)Limits.PieceCount * 16384;
        CheckFails(Holding(most + 1), "info.file tree", "more than");
        // At the bound it is the layer of hashes that is missed.
        CheckFails(Holding(most), "piece layers", "missing");

        static string Holding(long length) =>
            $"d4:infod9:file treed1:ad0:d6:lengthi{length}e11:pieces root32:{new string('r', 32)}eee12:meta versioni2e4:name1:a12:piece lengthi16384eee";
    }

    [Fact]
    public void ATreeWhosePathsAreTooLongIsRefused()
    {
        Assert.Equal("n".Length + 30 * 101 + "/a".Length, Parse(Deep(30)).Files[0].Path.Length);
        CheckFails(Deep(50), "info.file tree", "longer than 4096 bytes");
        CheckFails(Deep(40, "100:" + new string('f', 100)), "info.file tree", "longer than 4096 bytes");
    }

    /// <summary>A file inside so many directories with names of a hundred bytes.</summary>
    private static string Deep(int directories, string name = "1:a") =>
        $"d4:infod9:file tree{string.Concat(Enumerable.Repeat("d100:" + new string('d', 100), directories))}d{name}d0:d6:lengthi5e11:pieces root32:{new string('r', 32)}eee"
        + $"{new string('e', directories)}12:meta versioni2e4:name1:n12:piece lengthi16384eee";

    [Fact]
    public void AHybridMayHaveLinksInBothParts()
    {
        Torrent torrent = Parse(Hybrid("1:bd0:d4:attr1:leee", "d4:attr1:l4:pathl1:bee"));
        Assert.Equal(["n/a"], torrent.Files.Select(f => f.Path));
        Assert.Contains("symbolic link", Assert.Throws<TorrentFormatException>(() => Parse(Hybrid("1:bd0:d6:lengthi0eeee", "d4:attr1:l4:pathl1:bee"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EvenAFileOfOneByteBeginsAPieceInAHybrid()
    {
        string tree = $"1:bd0:d6:lengthi1e11:pieces root32:{new string('s', 32)}eee";
        Assert.Contains("begin a piece", Assert.Throws<TorrentFormatException>(() => Parse(Hybrid(tree, "d6:lengthi1e4:pathl1:bee"))).Message, StringComparison.Ordinal);
        Assert.Equal(["n/a", "n/b"], Parse(Hybrid("1:bd0:d6:lengthi0eeee", "d6:lengthi0e4:pathl1:bee")).Files.Select(f => f.Path));
    }

    /// <summary>A file of 5 bytes and another entry: the rest of the tree with its end, and of the list.</summary>
    private static string Hybrid(string tree, string file) =>
        $"d4:infod9:file treed1:ad0:d6:lengthi5e11:pieces root32:{new string('r', 32)}ee{tree}5:filesld6:lengthi5e4:pathl1:aee{file}e"
        + $"12:meta versioni2e4:name1:n12:piece lengthi16384e6:pieces20:{new string('h', 20)}ee";

    private static string Text(string name) => Encoding.Latin1.GetString(Vectors.Read(name));

    private static Torrent Parse(string latin1) => Torrent.Parse(Encoding.Latin1.GetBytes(latin1));

    private static void CheckFails(string latin1, string field, string message)
    {
        TorrentFormatException error = Assert.Throws<TorrentFormatException>(() => Parse(latin1));
        Assert.Equal(field, error.Field);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
