using System.Text;
using CcBt.Core.Metainfo;

namespace CcBt.Core.Tests.Metainfo;

public sealed class PathAllocatorTests
{
    [Fact]
    public void CollisionsGetNumbersBeforeTheExtension()
        => Assert.Equal(
            ["a.txt", "a.1.txt", "A.2.TXT", "a", "A.1", "a.1.1.txt"],
            Paths("a.txt", "a.txt", "A.TXT", "a", "A", "a.1.txt"));

    [Fact]
    public void NamesThatCollideOnlyWhenSanitizedAreToldApart()
        => Assert.Equal(["a_b", "a_b.1", "a_b.2", "x", "x.1"], Paths("a:b", "a?b", "a\\b", "x", "x. "));

    [Fact]
    public void AFileAndADirectoryOfOneNameAreToldApart()
    {
        Assert.Equal(["a", "a.1/b", "a.1/c"], Paths("a", "a/b", "A/c"));
        Assert.Equal(["a/b", "a.1"], Paths("a/b", "a"));
    }

    [Fact]
    public void DirectoriesThatDifferOnlyInCaseAreOne()
        => Assert.Equal(["Dir/a", "Dir/b", "Dir/A.1"], Paths("Dir/a", "dir/b", "DIR/A"));

    [Fact]
    public void ElementsThatTryToLeaveBecomeNames()
        => Assert.Equal(["_/_/etc/passwd", "x/_/y", "_/_/_", "q"], Paths("../../etc/passwd", "x/../y", "./../...", "//q"));

    [Theory]
    [InlineData(118)]
    [InlineData(5_000)]
    public void CollidingFilesTakeLinearWork(int count)
    {
        foreach (Func<int, string> name in new Func<int, string>[]
        {
            _ => "same.txt",
            i => i % 2 == 0 ? $"same.{i / 2}.txt" : "same.txt",
            i => new string('x', 250) + (i % 2 == 0 ? $"{i:x5}" : $"{i - 1:x5}"),
            i => i % 3 == 0 ? "same/f" : "same",
        })
        {
            var allocator = new PathAllocator();
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            for (int i = 0; i < count; i++)
                Assert.True(seen.Add(Add(allocator, name(i))));
            Assert.InRange(allocator.Probes, count, 6L * count);
        }
    }

    [Fact]
    public void AHundredThousandFilesParseWithLinearWork()
    {
        Torrent torrent = Torrent.Parse(TorrentBytes.Around(TorrentBytes.MultiInfo(
            Enumerable.Range(0, 100_000).Select(i => ($"d{i % 100}/e{i % 7}/f{i}", 1L, "")), pieceLength: 1024)));
        Assert.Equal(100_000, torrent.Files.Count);
        Assert.Equal("root/d99/e4/f99999", torrent.Files[^1].Path);
        Assert.Equal(99_999, torrent.Files[^1].Offset);
    }

    [Fact]
    public void DepthAndLengthOfPathsAreBounded()
    {
        Assert.Equal(Limits.PathDepth + 1, Paths(string.Join('/', Enumerable.Repeat("d", Limits.PathDepth + 1)))[0].Split('/').Length);
        CheckFails(string.Join('/', Enumerable.Repeat("d", Limits.PathDepth + 2)), "100 directories");
        string longest = string.Join('/', Enumerable.Repeat(new string('d', 255), 16));
        Assert.Equal(4095, Paths(longest)[0].Length);
        CheckFails(longest + "/d", "4096 bytes");
        Assert.Equal(4096, Paths(longest[..^255] + "d/" + new string('d', 254))[0].Length);
    }

    [Fact]
    public void ADirectoryWhosePathIsTooLongIsRefusedBeforeAFileIsInIt()
    {
        var allocator = new PathAllocator();
        PathNode directory = allocator.Root;
        byte[] name = Encoding.ASCII.GetBytes(new string('d', 255));
        for (int i = 0; i < 16; i++)
            directory = allocator.Enter(directory, name, out _)!;
        Assert.Equal(4095, directory.Path.Length);
        Assert.Null(allocator.Enter(directory, name, out string? error));
        Assert.Contains("4096 bytes", error, StringComparison.Ordinal);
    }

    [Fact]
    public void AllPathsTogetherAreBounded()
    {
        var allocator = new PathAllocator();
        PathNode directory = allocator.Root;
        for (int i = 0; i < 15; i++)
            directory = allocator.Enter(directory, Encoding.ASCII.GetBytes(new string((char)('a' + i), 250)), out _)!;
        string? error = null;
        int files = 0;
        while (error is null)
            allocator.Add(directory, Encoding.ASCII.GetBytes($"{files++}"), out error);
        Assert.Contains("all files together", error, StringComparison.Ordinal);
        Assert.InRange(files, 1000, Limits.PathUnits / 3750);
    }

    [Fact]
    public void ATorrentWhosePathsAreTooLongIsRefused()
    {
        byte[] data = TorrentBytes.Around(TorrentBytes.MultiInfo([("ok", 1, ""), (string.Join('/', Enumerable.Repeat("d", 102)), 1, "")]));
        TorrentFormatException error = Assert.Throws<TorrentFormatException>(() => Torrent.Parse(data));
        Assert.Equal("info.files[1].path", error.Field);
        Assert.Contains("100 directories", error.Message, StringComparison.Ordinal);
    }

    private static string[] Paths(params string[] paths)
    {
        var allocator = new PathAllocator();
        return [.. paths.Select(p => Add(allocator, p))];
    }

    private static string Add(PathAllocator allocator, string path)
        => TryAdd(allocator, path, out string? error) ?? throw new InvalidOperationException(error);

    private static void CheckFails(string path, string message)
    {
        Assert.Null(TryAdd(new PathAllocator(), path, out string? error));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private static string? TryAdd(PathAllocator allocator, string path, out string? error)
    {
        string[] elements = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        PathNode directory = allocator.Root;
        foreach (string element in elements[..^1])
        {
            if (allocator.Enter(directory, Encoding.UTF8.GetBytes(element), out error) is not { } next)
                return null;
            directory = next;
        }
        return allocator.Add(directory, Encoding.UTF8.GetBytes(elements[^1]), out error);
    }
}
