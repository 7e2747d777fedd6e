using System.Security.Cryptography;
using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

public sealed class CheckTests
{
    [Fact]
    public async Task Each_kind_of_file_is_told_apart()
    {
        var payload = new Payload(16 * 1024, ("a", 32768), ("b", 32768), ("c", 32768), ("d", 32768), ("e", 32768));
        using var harness = new StoreHarness(payload);
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GiveAll(storage);
        await storage.FlushAsync(CancellationToken.None);
        File.Delete(harness.Directory["b"]);
        File.AppendAllText(harness.Directory["c"], "more");
        Cut(harness.Directory["d"], 20_000);
        Flip(harness.Directory["e"], 5);
        CheckResult result = await storage.CheckAsync(null, CancellationToken.None);
        Assert.Equal([FileState.Good, FileState.Missing, FileState.Oversized, FileState.Bad, FileState.Bad], result.Files);
        Assert.Equal([0, 1, 4, 5, 6, 9], Enumerable.Range(0, 10).Where(i => result.GoodPieces[i]));
        Assert.False(storage.Has(2));
    }

    [Fact]
    public async Task Holes_are_judged_without_being_read()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var payload = new Payload(64 * 1024, ("a", 1 << 20));
        payload.Zero(0, 512 * 1024);
        var disk = new FaultyDisk(OperatingSystemDisk.Instance);
        using var harness = new StoreHarness(payload, disk);
        using (FileStream file = File.Create(harness.Directory["a"]))
            file.SetLength(1 << 20);
        await using TorrentStorage storage = await harness.OpenAsync();
        CheckResult result = await storage.CheckAsync(null, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 8), Enumerable.Range(0, 16).Where(i => result.GoodPieces[i]));
        Assert.Equal(0, disk.Reads);
        Assert.True(harness.Reads(storage, 3));
    }

    [Fact]
    public async Task Progress_grows_to_the_whole()
    {
        using var harness = new StoreHarness(new Payload(32 * 1024, ("a", 9_000_000)));
        await using TorrentStorage storage = await harness.OpenAsync();
        var progress = new Recorder();
        await storage.CheckAsync(progress, CancellationToken.None);
        Assert.Equal(progress.Values.Order(), progress.Values);
        Assert.Equal(9_000_000, progress.Values[^1]);
    }

    [Fact]
    public async Task A_check_can_be_cancelled_and_the_store_goes_on()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => storage.CheckAsync(null, new CancellationToken(true)));
        Assert.True(harness.GivePiece(storage, 0).IsGood);
    }

    [Fact]
    public async Task A_check_of_one_file_looks_at_its_pieces_only()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GiveAll(storage);
        Flip(harness.Directory["t/a.bin"], 3);
        Flip(harness.Directory["t/c.bin"], 33_000);
        Assert.Equal([1], Pieces(await storage.CheckFileAsync(0, null, CancellationToken.None)));
        Assert.False(storage.Has(0));
        Assert.True(storage.Has(4));
        Assert.Equal([1, 2, 3], Pieces(await storage.CheckFileAsync(PartsFile.Index, null, CancellationToken.None)));
    }

    [Fact]
    public async Task The_verifier_reports_and_changes_nothing()
    {
        using var directory = new TempDirectory();
        Torrent torrent = CcBt.Core.Tests.Metainfo.TorrentBytes.Multi(("x/a", 20_000, ""), ("b", 5_000, ""));
        VerifyReport missing = await TorrentVerifier.VerifyAsync(torrent, directory["none"]);
        Assert.False(missing.IsComplete);
        Assert.All(missing.Files, f => Assert.Equal(FileState.Missing, f.State));
        Assert.Equal((0, 2), (missing.GoodPieces, missing.PieceCount));
        Assert.False(Directory.Exists(directory["none"]));
        Directory.CreateDirectory(directory["root/x"]);
        File.WriteAllBytes(directory["root/x/a"], new byte[20_000]);
        VerifyReport bad = await TorrentVerifier.VerifyAsync(torrent, directory.Path);
        Assert.Equal([new FileVerification("root/x/a", FileState.Bad), new FileVerification("root/b", FileState.Missing)], bad.Files);
        Assert.Equal(["root/x/a"], directory.Files());
    }

    [Fact]
    public async Task The_verifier_counts_the_bytes_of_good_pieces()
    {
        using var directory = new TempDirectory();
        File.WriteAllBytes(directory["data"], Content(40_000));
        Torrent torrent = await TorrentCreator.CreateAsync(directory["data"], new CreateTorrentOptions { PieceLength = 16_384 });
        VerifyReport whole = await TorrentVerifier.VerifyAsync(torrent, directory.Path);
        Assert.Equal((true, 40_000L), (whole.IsComplete, whole.GoodBytes));
        Flip(directory["data"], 16_384);
        Assert.Equal(40_000 - 16_384, (await TorrentVerifier.VerifyAsync(torrent, directory.Path)).GoodBytes);
        Flip(directory["data"], 39_999);
        Assert.Equal(16_384, (await TorrentVerifier.VerifyAsync(torrent, directory.Path)).GoodBytes);
    }

    [Fact]
    public async Task The_verifier_does_not_count_padding()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["root"]);
        byte[] content = Content(15_000);
        File.WriteAllBytes(directory["root/a"], content[..10_000]);
        File.WriteAllBytes(directory["root/b"], content[10_000..]);
        byte[] info = Metainfo.TorrentBytes.MultiInfo([("a", 10_000, ""), ("pad", 6_384, "p"), ("b", 5_000, "")]);
        Span<byte> hashes = info.AsSpan(^41..^1); // Two hashes are the last thing in the dictionary.
        byte[] first = new byte[16_384];
        content.AsSpan(0, 10_000).CopyTo(first);
        SHA1.HashData(first, hashes);
        SHA1.HashData(content.AsSpan(10_000), hashes[20..]);
        VerifyReport report = await TorrentVerifier.VerifyAsync(Torrent.Parse(Metainfo.TorrentBytes.Around(info)), directory.Path);
        Assert.Equal((true, 15_000L), (report.IsComplete, report.GoodBytes));
    }

    private static byte[] Content(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    internal static void Cut(string path, long length)
    {
        using FileStream file = File.OpenWrite(path);
        file.SetLength(length);
    }

    internal static void Flip(string path, int offset)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[offset] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static IEnumerable<int> Pieces(CcBt.Core.Wire.PieceSet set) => Enumerable.Range(0, set.PieceCount).Where(i => set[i]);

    private sealed class Recorder : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
