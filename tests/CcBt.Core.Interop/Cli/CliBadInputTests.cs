namespace CcBt.Core.Interop.Cli;

/// <summary>Wrong usage and bad input: exit code 2, one line on standard error that says what and where, and nothing else anywhere.</summary>
public sealed class CliBadInputTests(CliFolder folder) : IClassFixture<CliFolder>
{
    // What is typed, and what the one line must name.
    [Theory]
    [InlineData("", "command")]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("show", "torrent")]
    [InlineData("show missing.torrent", "missing.torrent")]
    [InlineData("show @set.torrent", "@set.torrent")]
    [InlineData("show data", "data")]
    [InlineData("show junk.torrent", "junk.torrent")]
    [InlineData("show cut.torrent", "cut.torrent")]
    [InlineData("show magnet:?xt=urn:btih:zz --json", "zz")]
    [InlineData("create missing -o x.torrent", "missing")]
    [InlineData("create nothing -o x.torrent", "nothing")]
    [InlineData("create data -o data", "--output")]
    [InlineData("create data -o gone/x.torrent", "gone")]
    [InlineData("create data -o /proc/x.torrent", "/proc")]
    [InlineData("create data -o x.torrent --piece-length 5000", "--piece-length")]
    [InlineData("create data -o x.torrent --piece-length 4Q", "--piece-length")]
    [InlineData("create data -o x.torrent --piece-length NaN", "--piece-length")]
    [InlineData("create data -o x.torrent --tracker nonsense", "--tracker")]
    [InlineData("create data -o x.torrent --web-seed udp://a.example", "--web-seed")]
    [InlineData("create data -o x.torrent --v2", "--v2")]
    [InlineData("verify set.torrent", "--data")]
    [InlineData("verify set.torrent --data gone", "gone")]
    [InlineData("verify set.torrent --data set.torrent", "--data")]
    [InlineData("verify gone.torrent --data data --json", "gone.torrent")]
    [InlineData("download set.torrent", "--output")]
    [InlineData("download gone.torrent -o x", "gone.torrent")]
    [InlineData("download set.torrent -o junk.torrent", "junk.torrent")]
    [InlineData("download set.torrent -o junk.torrent/x", "junk.torrent")]
    [InlineData("download set.torrent -o x --listen 127.0.0.1", "--listen")]
    [InlineData("download set.torrent -o x --listen 127.0.0.1:70000", "--listen")]
    [InlineData("download set.torrent -o x --peer 127.0.0.1:0", "--peer")]
    [InlineData("download set.torrent -o x --dht-router nonsense", "--dht-router")]
    [InlineData("download set.torrent -o x --transport utp", "--transport")]
    [InlineData("download set.torrent -o x --down -1", "--down")]
    [InlineData("download set.torrent -o x --up fast", "--up")]
    [InlineData("download set.torrent -o x --state junk.torrent", "--state")]
    [InlineData("download set.torrent -o x --select *.iso", "*.iso")]
    [InlineData("download magnet:?dn=x -o x", "magnet")]
    [InlineData("seed nothing --data data", "nothing")]
    [InlineData("seed junk.torrent --data data", "junk.torrent")]
    [InlineData("seed set.torrent --data gone", "--data")]
    [InlineData("dht get-peers zz --router 127.0.0.1:1", "zz")]
    [InlineData("dht get-peers 0123456789012345678901234567890123456789", "--router")]
    [InlineData("dht get-peers 0123456789012345678901234567890123456789 --router x", "--router")]
    public async Task It_is_refused_in_one_line(string typed, string named)
    {
        Directory.CreateDirectory(folder.In("nothing"));
        File.WriteAllText(folder.In("junk.torrent"), "junk");
        File.WriteAllBytes(folder.In("cut.torrent"), File.ReadAllBytes(folder.Torrent)[..100]);
        string[] before = Everything();

        (int code, IReadOnlyList<string> lines, string[] errors) = await folder.RunAsync(typed.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Empty(lines);
        string error = Assert.Single(errors);
        Assert.StartsWith("ccbt: ", error, StringComparison.Ordinal);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Equal(2, code);
        Assert.Equal(before, Everything());
    }

    private string[] Everything() => [.. Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
