using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

public sealed class MoveAndDeleteTests
{
    private static readonly string[] All = ["t/a.bin", "t/c.bin", "t/d/b.bin", "t/empty"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Moving_takes_everything_along_by_renaming_or_copying(bool isOtherVolume)
    {
        var disk = new FaultyDisk(OperatingSystemDisk.Instance) { IsSplit = isOtherVolume };
        using var harness = new StoreHarness(Payload.Small(), disk);
        using var target = new TempDirectory();
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GivePiece(storage, 0);
        harness.GivePiece(storage, 1);
        await storage.MoveAsync(target["new"], CancellationToken.None);
        Assert.Equal(target["new"], storage.Directory);
        Assert.Empty(Directory.EnumerateFileSystemEntries(harness.Directory.Path));
        Assert.True(harness.Reads(storage, 0));
        for (int piece = 2; piece < 5; piece++)
            harness.GivePiece(storage, piece);
        Assert.Equal(All.Select(f => "new/" + f), target.Files());
        Assert.True((await storage.CheckAsync(null, CancellationToken.None)).GoodPieces.IsFull);
        Assert.Empty(harness.Suspected);
    }

    [Fact]
    public async Task A_file_in_the_way_stops_a_move_before_it_begins()
    {
        using var harness = new StoreHarness(Payload.Small());
        using var target = new TempDirectory();
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GiveAll(storage);
        Directory.CreateDirectory(target["t"]);
        File.WriteAllText(target["t/c.bin"], "precious");
        await Assert.ThrowsAsync<TorrentStorageException>(() => storage.MoveAsync(target.Path, CancellationToken.None));
        Assert.Equal(All, harness.Directory.Files());
        Assert.Equal("precious", File.ReadAllText(target["t/c.bin"]));
        Assert.True(harness.Reads(storage, 4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_failing_call_of_a_move_leaves_all_files_in_one_place(bool isOtherVolume)
    {
        var disk = new FaultyDisk(OperatingSystemDisk.Instance) { IsSplit = isOtherVolume };
        using var harness = new StoreHarness(Payload.Small(), disk);
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GiveAll(storage);
        for (int call = 1; ; call++)
        {
            using var target = new TempDirectory();
            disk.Restart();
            disk.FailAt = call;
            try
            {
                await storage.MoveAsync(target.Path, CancellationToken.None);
            }
            catch (TorrentStorageException)
            {
                Assert.Empty(target.Files());
            }
            bool wasReached = disk.Calls >= call;
            disk.FailAt = 0;
            for (int piece = 0; piece < 5; piece++)
                Assert.True(harness.Reads(storage, piece), $"call {call}, piece {piece}");
            // What a failed delete left behind would be in the way of the move back.
            if (storage.Directory == target.Path)
            {
                Directory.Delete(harness.Directory.Path, recursive: true);
                await storage.MoveAsync(harness.Directory.Path, CancellationToken.None);
            }
            if (!wasReached)
                break;
        }
    }

    [Fact]
    public async Task Deleting_leaves_what_is_not_the_torrents()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync(true, true, true, false);
        for (int piece = 0; piece < 4; piece++)
            harness.GivePiece(storage, piece);
        File.WriteAllText(harness.Directory["t/mine.txt"], "mine");
        await storage.DeleteFilesAsync(CancellationToken.None);
        Assert.Equal(["t/mine.txt"], harness.Directory.Files());
        Assert.False(Directory.Exists(harness.Directory["t/d"]));
        Assert.True(storage.Verified.IsEmpty);
    }

    [Fact]
    public async Task Finishing_cuts_what_is_too_long()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GiveAll(storage);
        await storage.FlushAsync(CancellationToken.None);
        File.AppendAllText(harness.Directory["t/c.bin"], "tail");
        File.Delete(harness.Directory["t/empty"]);
        await storage.CheckAsync(null, CancellationToken.None);
        StorageSnapshot snapshot = await storage.FinishAsync(null, CancellationToken.None);
        Assert.True(snapshot.Have.IsFull);
        Assert.Equal((50_000, 33_333), (snapshot.Files[0].Length, snapshot.Files[3].Length));
        Assert.Equal(All, harness.Directory.Files());
        harness.AssertFileOnDisk(3);
        Assert.True(harness.Reads(storage, 4));
    }
}
