using System.Text.Json;

namespace CcBt.Core.Interop.Cli;

/// <summary>The verbs that need no network: show, create, verify.</summary>
public sealed class CliFileTests(CliFolder folder) : IClassFixture<CliFolder>
{
    [Fact]
    public async Task Show_writes_one_object_with_the_fields_of_the_contract()
    {
        JsonElement shown = await ObjectAsync("show", "set.torrent", "--json");

        Assert.Equal("set", shown.GetProperty("name").GetString());
        Assert.Equal(folder.InfoHash, shown.GetProperty("infoHashV1").GetString());
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("infoHashV2").ValueKind);
        Assert.Equal(16384, shown.GetProperty("pieceLength").GetInt64());
        Assert.Equal(96, shown.GetProperty("pieceCount").GetInt64());
        Assert.Equal(1_570_001, shown.GetProperty("totalSize").GetInt64());
        Assert.Equal(["set/a.bin 1500000", "set/nothing 0", "set/sub/b.bin 70001"],
            shown.GetProperty("files").EnumerateArray().Select(f => $"{f.GetProperty("path").GetString()} {f.GetProperty("length").GetInt64()}"));
        Assert.Equal(0, shown.GetProperty("trackers").GetArrayLength());
        Assert.Equal(0, shown.GetProperty("webSeeds").GetArrayLength());
        Assert.False(shown.GetProperty("private").GetBoolean());
    }

    [Fact]
    public async Task Show_reads_a_magnet_link()
    {
        JsonElement shown = await ObjectAsync("show", $"{folder.Magnet}&dn=%C3%BC&tr=udp%3A%2F%2Ft.example%3A1&ws=http%3A%2F%2Fw.example%2F", "--json");

        Assert.Equal("ü", shown.GetProperty("name").GetString());
        Assert.Equal(folder.InfoHash, shown.GetProperty("infoHashV1").GetString());
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("pieceLength").ValueKind);
        Assert.Equal("udp://t.example:1", shown.GetProperty("trackers")[0][0].GetString());
        Assert.Equal("http://w.example/", shown.GetProperty("webSeeds")[0].GetString());
    }

    [Fact]
    public async Task Create_writes_what_its_options_say_and_nothing_beside_it()
    {
        string[] options = ["--v1", "--piece-length", "64K", "--tracker", "http://a.example/announce", "--tracker", "udp://b.example:80", "--web-seed", "https://w.example/", "--private"];
        JsonElement created = await ObjectAsync(["create", "data/set", "-o", "made.torrent", .. options, "--json"]);
        JsonElement shown = await ObjectAsync("show", "made.torrent", "--json");

        Assert.Equal(shown.ToString(), created.ToString());
        Assert.Equal(65536, shown.GetProperty("pieceLength").GetInt64());
        Assert.Equal([["http://a.example/announce"], ["udp://b.example:80"]], shown.GetProperty("trackers").Deserialize<string[][]>()!);
        Assert.Equal("https://w.example/", shown.GetProperty("webSeeds")[0].GetString());
        Assert.True(shown.GetProperty("private").GetBoolean());
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.tmp").Concat(Directory.EnumerateFiles(folder.Path, ".ccbt-*")));
    }

    [Fact]
    public async Task Verify_says_what_each_file_is_and_differs_with_1()
    {
        (int good, IReadOnlyList<string> lines, _) = await folder.RunAsync("verify", "set.torrent", "--data", "data", "--json");
        Assert.Equal(0, good);
        Assert.Equal(["file", "file", "file", "done"], lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("event").GetString()));
        JsonElement done = JsonDocument.Parse(lines[^1]).RootElement;
        Assert.True(done.GetProperty("complete").GetBoolean());
        Assert.Equal(1_570_001, done.GetProperty("bytes").GetInt64());

        Directory.CreateDirectory(folder.In("other", "set", "sub"));
        byte[] wrong = CliFolder.Bytes(1, 1_500_000);
        wrong[3] ^= 1;
        File.WriteAllBytes(folder.In("other", "set", "a.bin"), wrong);
        File.WriteAllBytes(folder.In("other", "set", "sub", "b.bin"), [.. CliFolder.Bytes(2, 70_001), 7]);
        (int bad, lines, _) = await folder.RunAsync("verify", "set.torrent", "--data", "other", "--json");

        Assert.Equal(1, bad);
        Assert.Equal(["set/a.bin bad", "set/nothing missing", "set/sub/b.bin oversized"], lines.Take(3).Select(l => JsonDocument.Parse(l).RootElement)
            .Select(f => $"{f.GetProperty("path").GetString()} {f.GetProperty("state").GetString()}"));
        Assert.False(JsonDocument.Parse(lines[3]).RootElement.GetProperty("complete").GetBoolean());
    }

    private async Task<JsonElement> ObjectAsync(params string[] arguments)
    {
        (int code, IReadOnlyList<string> lines, string[] errors) = await folder.RunAsync(arguments);
        Assert.True(code == 0, string.Join('\n', errors));
        return JsonDocument.Parse(Assert.Single(lines)).RootElement;
    }
}
