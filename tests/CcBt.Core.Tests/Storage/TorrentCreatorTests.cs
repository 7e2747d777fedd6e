using CcBt.Core.Metainfo;
using CcBt.Core.Tests.Metainfo;

namespace CcBt.Core.Tests.Storage;

public sealed class TorrentCreatorTests
{
    [Fact]
    public async Task HashesAFileSoThatItsPiecesVerify()
    {
        using var directory = new TempDirectory();
        string path = directory.Write("movie.bin", 3_000_001);
        Torrent torrent = await TorrentCreator.CreateAsync(path);
        Assert.Equal("movie.bin", torrent.Name);
        Assert.Equal(16_384, torrent.PieceLength);
        Assert.Equal("movie.bin", Assert.Single(torrent.Files).Path);
        Assert.Null(torrent.CreationDate);
        CheckPieces(torrent, await File.ReadAllBytesAsync(path));
    }

    [Theory]
    [InlineData(16_384)]
    [InlineData(65_536)]
    [InlineData(2_097_152)]
    public async Task HashesADirectoryInOrdinalOrder(int pieceLength)
    {
        using var directory = new TempDirectory();
        string[] names = ["B.bin", "a/inner.bin", "a.bin", "a/0/deep.bin", "empty", "z.bin"];
        int[] lengths = [1_500_000, 10, 16_384, 700_001, 0, 1_048_576];
        for (int i = 0; i < names.Length; i++)
            directory.Write("payload/" + names[i], lengths[i], i);
        Torrent torrent = await TorrentCreator.CreateAsync(directory["payload"], new CreateTorrentOptions { PieceLength = pieceLength });
        Assert.Equal(
            ["payload/B.bin", "payload/a/0/deep.bin", "payload/a/inner.bin", "payload/a.bin", "payload/empty", "payload/z.bin"],
            torrent.Files.Select(f => f.Path));
        Assert.Equal(lengths.Sum(l => (long)l), torrent.TotalSize);
        byte[] all = [.. torrent.Files.SelectMany(f => File.ReadAllBytes(directory[f.Path]))];
        CheckPieces(torrent, all);
    }

    [Fact]
    public async Task TheInfoHashIsTheOneThatLibtorrentGives()
    {
        using var directory = new TempDirectory();
        await File.WriteAllBytesAsync(directory["single.bin"], Vectors.Content("single.bin"));
        Torrent torrent = await TorrentCreator.CreateAsync(directory["single.bin"], new CreateTorrentOptions { PieceLength = 16_384 });
        Assert.Equal(Torrent.Parse(Vectors.Read("single-v1")).InfoHashV1, torrent.InfoHashV1);
    }

    [Fact]
    public async Task TheSameContentGivesTheSameBytes()
    {
        using var first = new TempDirectory();
        using var second = new TempDirectory();
        first.Write("x/a", 100_000, 1);
        first.Write("x/b", 5, 2);
        second.Write("x/b", 5, 2);
        second.Write("x/a", 100_000, 1);
        var options = new CreateTorrentOptions { Trackers = [["http://t.example/announce"]] };
        byte[] a = (await TorrentCreator.CreateAsync(first["x"], options)).ToBytes();
        byte[] b = (await TorrentCreator.CreateAsync(second["x"], options)).ToBytes();
        Assert.Equal(a, b);
    }

    [Fact]
    public async Task EveryOptionIsWritten()
    {
        using var directory = new TempDirectory();
        string path = directory.Write("a", 20_000);
        var options = new CreateTorrentOptions
        {
            Trackers = [["http://one.example/announce", "udp://two.example:80"], ["https://three.example/a"]],
            WebSeeds = ["https://cdn.example/a"],
            IsPrivate = true,
            Comment = "für alle",
            CreatedBy = "tests",
            CreationDate = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
            Name = "other.bin",
            Source = "site",
        };
        Torrent torrent = await TorrentCreator.CreateAsync(path, options);
        Assert.Equal(options.Trackers, torrent.Trackers);
        Assert.Equal(options.WebSeeds, torrent.WebSeeds);
        Assert.True(torrent.IsPrivate);
        Assert.Equal((options.Comment, options.CreatedBy, options.CreationDate, "other.bin"), (torrent.Comment, torrent.CreatedBy, torrent.CreationDate, torrent.Name));
        Torrent plain = await TorrentCreator.CreateAsync(path, options with { Source = null });
        Assert.NotEqual(plain.SwarmHash, torrent.SwarmHash);
    }

    [Fact]
    public async Task SymbolicLinksAreLeftOut()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var directory = new TempDirectory();
        string path = directory.Write("x/real", 10);
        directory.Write("outside/secret", 10);
        File.CreateSymbolicLink(directory["x/link"], path);
        Directory.CreateSymbolicLink(directory["x/dir"], directory["outside"]);
        Directory.CreateSymbolicLink(directory["x/loop"], directory["x"]);
        Torrent torrent = await TorrentCreator.CreateAsync(directory["x"]);
        Assert.Equal(["x/real"], torrent.Files.Select(f => f.Path));
    }

    [Fact]
    public async Task NamesThatOtherSystemsRefuseAreRefusedHere()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var directory = new TempDirectory();
        directory.Write("x/a:b", 10);
        TorrentStorageException error = await Assert.ThrowsAsync<TorrentStorageException>(() => TorrentCreator.CreateAsync(directory["x"]));
        Assert.Equal(TorrentErrorCode.PathRefused, error.Code);
        Assert.Contains("x/a_b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingToShareIsAnError()
    {
        using var directory = new TempDirectory();
        directory.Write("x/empty", 0);
        Assert.Contains("no content", (await Assert.ThrowsAsync<TorrentStorageException>(() => TorrentCreator.CreateAsync(directory["x"]))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TorrentStorageException>(() => TorrentCreator.CreateAsync(directory["missing"]));
    }

    [Fact]
    public async Task OptionsAreCheckedByName()
    {
        using var directory = new TempDirectory();
        string path = directory.Write("a", 20);
        (CreateTorrentOptions Options, string Names)[] wrong =
        [
            (new CreateTorrentOptions { PieceLength = 20_000 }, "PieceLength"),
            (new CreateTorrentOptions { PieceLength = 8192 }, "PieceLength"),
            (new CreateTorrentOptions { PieceLength = 128 * 1024 * 1024 }, "PieceLength"),
            (new CreateTorrentOptions { Trackers = [[]] }, "Trackers"),
            (new CreateTorrentOptions { Trackers = [["ftp://x"]] }, "Trackers"),
            (new CreateTorrentOptions { WebSeeds = ["udp://x"] }, "WebSeeds"),
            (new CreateTorrentOptions { Name = " " }, "Name"),
            (new CreateTorrentOptions { CreationDate = DateTimeOffset.MinValue }, "CreationDate"),
        ];
        foreach ((CreateTorrentOptions options, string name) in wrong)
            Assert.Contains(name, (await Assert.ThrowsAsync<ArgumentException>(() => TorrentCreator.CreateAsync(path, options))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProgressNeverFallsAndEndsAtTheTotal()
    {
        using var directory = new TempDirectory();
        string path = directory.Write("a", 9_000_000);
        var seen = new List<HashProgress>();
        await TorrentCreator.CreateAsync(path, progress: new DirectProgress(seen.Add));
        Assert.Equal(new HashProgress(9_000_000, 9_000_000), seen[^1]);
        Assert.True(seen.Count > 3);
        Assert.Equal(seen.Select(p => p.BytesDone).Order(), seen.Select(p => p.BytesDone));
    }

    [Fact]
    public async Task AThrowingProgressEndsTheCall()
    {
        using var directory = new TempDirectory();
        string path = directory.Write("a", 9_000_000);
        var progress = new DirectProgress(_ => throw new InvalidOperationException("enough"));
        Assert.Equal("enough", (await Assert.ThrowsAsync<InvalidOperationException>(() => TorrentCreator.CreateAsync(path, progress: progress))).Message);
    }

    [Fact]
    public async Task CancellationEndsTheCall()
    {
        using var directory = new TempDirectory();
        string path = directory.Write("a", 9_000_000);
        using var source = new CancellationTokenSource();
        var progress = new DirectProgress(_ => source.Cancel());
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TorrentCreator.CreateAsync(path, null, progress, source.Token));
        Assert.Equal(source.Token, error.CancellationToken);
    }

    [Fact]
    public async Task SaveAndLoadKeepTheTorrent()
    {
        using var directory = new TempDirectory();
        Torrent torrent = await TorrentCreator.CreateAsync(directory.Write("a", 20_000));
        string path = directory["a.torrent"];
        await torrent.SaveAsync(path);
        await torrent.SaveAsync(path);
        Assert.Equal(torrent.InfoHashV1, (await Torrent.LoadAsync(path)).InfoHashV1);
        Assert.Equal([path], Directory.GetFiles(directory.Path, "*.torrent*"));
    }

    [Fact]
    public async Task LoadingRefusesWhatIsTooLongOrMissing()
    {
        using var directory = new TempDirectory();
        string path = directory.Write("big.torrent", Limits.TorrentFileBytes + 1);
        Assert.Contains("10000000", (await Assert.ThrowsAsync<TorrentFormatException>(() => Torrent.LoadAsync(path))).Message, StringComparison.Ordinal);
        TorrentStorageException missing = await Assert.ThrowsAsync<TorrentStorageException>(() => Torrent.LoadAsync(directory["none"]));
        Assert.Equal(directory["none"], missing.Place);
    }

    private static void CheckPieces(Torrent torrent, byte[] content)
    {
        IPieceVerifier verifier = torrent.CreateVerifier();
        Assert.Equal(content.Length, torrent.Layout.TotalLength);
        for (int piece = 0; piece < torrent.PieceCount; piece++)
        {
            var bytes = content.AsSpan((int)torrent.Layout.PieceOffset(piece), torrent.Layout.PieceSize(piece));
            Assert.True(verifier.Verify(piece, bytes));
        }
    }

    /// <summary>Unlike the framework's progress it calls on the reporting thread.</summary>
    private sealed class DirectProgress(Action<HashProgress> report) : IProgress<HashProgress>
    {
        public void Report(HashProgress value) => report(value);
    }
}
