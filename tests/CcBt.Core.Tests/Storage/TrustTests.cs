using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Storage;

public sealed class TrustTests
{
    [Fact]
    public async Task Untouched_files_are_believed_without_being_read()
    {
        var disk = new FaultyDisk(OperatingSystemDisk.Instance);
        using var harness = new StoreHarness(Payload.Small(), disk);
        StorageSnapshot saved = await FillAsync(harness, 5);
        int reads = disk.Reads;
        await using TorrentStorage storage = await harness.OpenAsync();
        Assert.True((await storage.TrustAsync(saved, CancellationToken.None)).IsFull);
        Assert.Equal(reads, disk.Reads);
        Assert.True(harness.Reads(storage, 2));
    }

    [Fact]
    public async Task A_touched_whole_file_is_not_believed_and_others_are()
    {
        using var harness = new StoreHarness(Payload.Small());
        StorageSnapshot saved = await FillAsync(harness, 5);
        string path = harness.Directory["t/a.bin"];
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(10));
        await using TorrentStorage storage = await harness.OpenAsync();
        Assert.Equal([2, 3, 4], Pieces(await storage.TrustAsync(saved, CancellationToken.None)));
        Assert.Equal([0, 1], Pieces(await storage.CheckFileAsync(0, null, CancellationToken.None)));
    }

    [Fact]
    public async Task A_file_that_was_written_on_until_a_crash_is_believed_after_a_sample()
    {
        using var harness = new StoreHarness(new Payload(16 * 1024, ("a", 300_000)));
        StorageSnapshot saved;
        await using (TorrentStorage storage = await harness.OpenAsync())
        {
            for (int piece = 0; piece < 10; piece++)
                harness.GivePiece(storage, piece);
            saved = await storage.FlushAsync(CancellationToken.None);
            harness.GivePiece(storage, 12);
        }
        string path = harness.Directory["a"];
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(10));
        await using (TorrentStorage again = await harness.OpenAsync())
            Assert.Equal(Enumerable.Range(0, 10), Pieces(await again.TrustAsync(saved, CancellationToken.None)));
        CheckTests.Flip(path, 5);
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(10));
        await using TorrentStorage damaged = await harness.OpenAsync();
        Assert.True((await damaged.TrustAsync(saved, CancellationToken.None)).IsEmpty);
    }

    [Fact]
    public async Task Cut_missing_and_foreign_state_is_not_believed()
    {
        using var harness = new StoreHarness(Payload.Small());
        StorageSnapshot saved = await FillAsync(harness, 5);
        CheckTests.Cut(harness.Directory["t/a.bin"], 49_999);
        File.Delete(harness.Directory["t/c.bin"]);
        await using TorrentStorage storage = await harness.OpenAsync();
        Assert.Equal([2], Pieces(await storage.TrustAsync(saved, CancellationToken.None)));
        Assert.True((await storage.TrustAsync(saved with { Have = new PieceSet(4) }, CancellationToken.None)).IsEmpty);
        Assert.True((await storage.TrustAsync(saved with { Files = [] }, CancellationToken.None)).IsEmpty);
    }

    [Fact]
    public async Task Pieces_in_the_parts_file_are_believed_with_it_only()
    {
        using var harness = new StoreHarness(Payload.Small());
        bool[] wanted = [true, false, false, false];
        StorageSnapshot saved = await FillAsync(harness, 2, wanted);
        await using (TorrentStorage storage = await harness.OpenAsync(wanted))
            Assert.Equal([0, 1], Pieces(await storage.TrustAsync(saved, CancellationToken.None)));
        string parts = Directory.EnumerateFiles(harness.Directory.Path, "*.parts").Single();
        CheckTests.Flip(parts, PartsHeader.Length + PartsHeader.RecordHeaderLength + 32_000);
        File.SetLastWriteTimeUtc(parts, File.GetLastWriteTimeUtc(parts).AddSeconds(10));
        await using (TorrentStorage storage = await harness.OpenAsync(wanted))
            Assert.Equal([0], Pieces(await storage.TrustAsync(saved, CancellationToken.None)));
        File.Delete(parts);
        await using TorrentStorage again = await harness.OpenAsync(wanted);
        Assert.Equal([0], Pieces(await again.TrustAsync(saved, CancellationToken.None)));
    }

    private static async Task<StorageSnapshot> FillAsync(StoreHarness harness, int pieces, params bool[] wanted)
    {
        await using TorrentStorage storage = await harness.OpenAsync(wanted);
        for (int piece = 0; piece < pieces; piece++)
            harness.GivePiece(storage, piece);
        return await storage.FlushAsync(CancellationToken.None);
    }

    private static IEnumerable<int> Pieces(PieceSet set) => Enumerable.Range(0, set.PieceCount).Where(i => set[i]);
}
