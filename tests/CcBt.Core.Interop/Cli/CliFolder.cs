namespace CcBt.Core.Interop.Cli;

/// <summary>A temporary folder with a payload, its torrent, and the tool to run in it.</summary>
public sealed class CliFolder : IAsyncLifetime, IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ccbt-cli-").FullName;

    /// <summary>Below it lies the payload: set/a.bin, set/sub/b.bin and the empty set/nothing.</summary>
    public string Data => System.IO.Path.Combine(Path, "data");

    public string Torrent => System.IO.Path.Combine(Path, "set.torrent");

    public string Magnet { get; private set; } = "";

    public string InfoHash { get; private set; } = "";

    public string In(params string[] elements) => System.IO.Path.Combine([Path, .. elements]);

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(In("data", "set", "sub"));
        File.WriteAllBytes(In("data", "set", "a.bin"), Bytes(1, 1_500_000));
        File.WriteAllBytes(In("data", "set", "sub", "b.bin"), Bytes(2, 70_001));
        File.WriteAllBytes(In("data", "set", "nothing"), []);
        Torrent torrent = await TorrentCreator.CreateAsync(In("data", "set"));
        await torrent.SaveAsync(Torrent);
        InfoHash = torrent.SwarmHash.ToString();
        Magnet = $"magnet:?xt=urn:btih:{InfoHash}";
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Whether a download holds what was seeded.</summary>
    public bool HasPayload(string directory)
        => File.ReadAllBytes(In(directory, "set", "a.bin")).AsSpan().SequenceEqual(File.ReadAllBytes(In("data", "set", "a.bin")))
            && File.ReadAllBytes(In(directory, "set", "sub", "b.bin")).AsSpan().SequenceEqual(File.ReadAllBytes(In("data", "set", "sub", "b.bin")))
            && new FileInfo(In(directory, "set", "nothing")).Length == 0;

    internal SampleProcess Ccbt(params string[] arguments) => SampleProcess.Start(Built.Ccbt, Path, null, arguments);

    /// <summary>Runs the tool to its end.</summary>
    internal async Task<(int ExitCode, IReadOnlyList<string> Lines, string[] Errors)> RunAsync(params string[] arguments)
    {
        await using SampleProcess process = Ccbt(arguments);
        int code = await process.ExitAsync();
        return (code, process.Lines, await process.ErrorsAsync());
    }

    /// <summary>A seeder of the payload, and where it listens.</summary>
    internal async Task<(SampleProcess Seeder, string EndPoint)> SeedAsync(string listen, params string[] more)
    {
        SampleProcess seeder = Ccbt(["seed", Torrent, "--data", Data, "--listen", listen, "--no-lsd", "--json", .. more]);
        var ready = await seeder.EventAsync("ready");
        return (seeder, ready.GetProperty("listen")[0].GetString()!);
    }
}
