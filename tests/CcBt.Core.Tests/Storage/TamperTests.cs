using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Storage;

public sealed class TamperTests
{
    private static readonly BlockAddress InA = new(0, 0, 1000);

    [Fact]
    public async Task A_truncated_file_is_not_served_and_is_told_once()
    {
        using StoreHarness harness = new(Payload.Small());
        await using TorrentStorage storage = await FilledAsync(harness);
        CheckTests.Cut(harness.Directory["t/a.bin"], 0);
        Assert.False(storage.TryRead(InA, new byte[1000]));
        Assert.False(storage.TryRead(InA, new byte[1000]));
        Assert.Equal([0], harness.Suspected);
        Assert.False(storage.Has(0) || storage.Has(1));
        Assert.True(storage.Has(2));
        await storage.CheckFileAsync(0, null, CancellationToken.None);
        Assert.True(harness.GivePiece(storage, 0).IsGood);
        Assert.True(harness.GivePiece(storage, 1).IsGood);
        harness.AssertFileOnDisk(0);
        Assert.True(harness.Reads(storage, 0));
    }

    [Fact]
    public async Task A_changed_file_of_the_same_length_is_not_served()
    {
        using StoreHarness harness = new(Payload.Small());
        await using TorrentStorage storage = await FilledAsync(harness);
        Assert.True(storage.TryRead(InA, new byte[1000]));
        CheckTests.Flip(harness.Directory["t/a.bin"], 7);
        Touch(harness.Directory["t/a.bin"]);
        Assert.False(storage.TryRead(InA, new byte[1000]));
        Assert.Equal([0], harness.Suspected);
        Assert.Equal(1, (await storage.CheckFileAsync(0, null, CancellationToken.None)).Count);
        Assert.True(harness.Reads(storage, 1));
    }

    [Fact]
    public async Task A_replaced_file_is_not_served_once_it_is_opened_again()
    {
        using StoreHarness harness = new(Payload.Small());
        await using TorrentStorage storage = await FilledAsync(harness);
        File.Delete(harness.Directory["t/a.bin"]);
        File.WriteAllBytes(harness.Directory["t/a.bin"], new byte[50_000]);
        Touch(harness.Directory["t/a.bin"]);
        harness.Handles.Dispose();
        Assert.False(storage.TryRead(InA, new byte[1000]));
        Assert.Equal([0], harness.Suspected);
    }

    [Fact]
    public async Task A_deleted_file_is_not_saved_as_had_when_it_is_written_again()
    {
        using StoreHarness harness = new(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GivePiece(storage, 0);
        await storage.FlushAsync(CancellationToken.None);
        harness.Handles.Dispose();
        File.Delete(harness.Directory["t/a.bin"]);
        harness.GivePiece(storage, 1);
        Assert.Equal([0], harness.Suspected);
        StorageSnapshot snapshot = await storage.FlushAsync(CancellationToken.None);
        Assert.Equal([false, true], new[] { snapshot.Have[0], snapshot.Have[1] });
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("replace")]
    [InlineData("cut")]
    public async Task A_file_that_loses_its_name_or_its_end_while_it_is_written_is_never_finished(string how)
    {
        using StoreHarness harness = new(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GivePiece(storage, 0);
        Tamper(harness.Directory["t/a.bin"], how);
        harness.GivePiece(storage, 1);
        for (int piece = 2; piece < harness.Payload.Layout.PieceCount; piece++)
            harness.GivePiece(storage, piece);

        var error = await Assert.ThrowsAsync<TorrentStorageException>(async () =>
        {
            await storage.FinishAsync(null, CancellationToken.None);
            // A cut was seen at the next write already.
            if (!storage.Has(0))
                throw new TorrentStorageException(TorrentErrorCode.StorageFailure, "seen before", "a.bin", isTransient: true);
        });

        Assert.True(error.IsTransient);
        Assert.Equal([0], harness.Suspected);
        await storage.CheckFileAsync(0, null, CancellationToken.None);
        for (int piece = 0; piece < 2; piece++)
        {
            if (!storage.Has(piece))
                Assert.True(harness.GivePiece(storage, piece).IsGood);
        }
        await storage.FinishAsync(null, CancellationToken.None);
        harness.AssertFileOnDisk(0);
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("replace")]
    public async Task A_file_that_loses_its_name_while_it_is_served_is_found_out(string how)
    {
        using StoreHarness harness = new(Payload.Small());
        await using TorrentStorage storage = await FilledAsync(harness);
        Assert.True(storage.TryRead(InA, new byte[1000]));
        Tamper(harness.Directory["t/a.bin"], how);
        int served = 0;
        // What is served meanwhile is what was there.
        while (harness.Reads(storage, 0))
            Assert.True(++served < 2 * Limits.ReadsPerNameCheck);
        Assert.Equal([0], harness.Suspected);
        Assert.Equal(0, (await storage.CheckFileAsync(0, null, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Own_writes_and_flushes_raise_no_suspicion()
    {
        using StoreHarness harness = new(Payload.Small(), handles: 2);
        await using TorrentStorage storage = await harness.OpenAsync();
        for (int piece = 0; piece < harness.Payload.Layout.PieceCount; piece++)
        {
            harness.GivePiece(storage, piece);
            Assert.True(harness.Reads(storage, piece));
            if (piece % 2 == 0)
                await storage.FlushAsync(CancellationToken.None);
            Assert.True(harness.Reads(storage, 0));
        }
        Assert.Empty(harness.Suspected);
        Assert.InRange(harness.Handles.Count, 1, 2);
    }

    [Fact]
    public async Task Files_cut_or_made_short_by_others_are_completed_without_losing_what_was_good()
    {
        using StoreHarness harness = new(Payload.Small());
        Directory.CreateDirectory(harness.Directory["t"]);
        File.WriteAllBytes(harness.Directory["t/a.bin"], harness.Payload.File(0)[..40_000].ToArray());
        await using TorrentStorage storage = await harness.OpenAsync();
        Assert.Equal(1, (await storage.CheckAsync(null, CancellationToken.None)).GoodPieces.Count);
        Assert.True(harness.Reads(storage, 0));
        harness.GivePiece(storage, 1);
        Assert.True(harness.Reads(storage, 0));
        Assert.Empty(harness.Suspected);
        harness.AssertFileOnDisk(0);
    }

    [Fact]
    public async Task A_link_in_the_way_of_a_file_refuses_the_piece()
    {
        using StoreHarness harness = new(Payload.Small());
        using var outside = new TempDirectory();
        Directory.CreateSymbolicLink(harness.Directory["t"], outside.Path);
        var error = await Assert.ThrowsAsync<TorrentStorageException>(() => harness.OpenAsync());
        Assert.Equal(TorrentErrorCode.PathRefused, error.Code);
        Assert.Empty(outside.Files());
        Directory.Delete(harness.Directory["t"]);
        await using TorrentStorage storage = await harness.OpenAsync();
        File.CreateSymbolicLink(harness.Directory["t/a.bin"], outside["made"]);
        PieceVerdict verdict = harness.GivePiece(storage, 0);
        Assert.Equal(TorrentErrorCode.PathRefused, verdict.WriteError?.Code);
        Assert.Empty(outside.Files());
    }

    private static async Task<TorrentStorage> FilledAsync(StoreHarness harness)
    {
        TorrentStorage storage = await harness.OpenAsync();
        harness.GiveAll(storage);
        await storage.FlushAsync(CancellationToken.None);
        return storage;
    }

    private static void Tamper(string path, string how)
    {
        if (how == "cut")
        {
            CheckTests.Cut(path, 100);
            return;
        }
        File.Delete(path);
        if (how == "replace")
        {
            File.WriteAllBytes(path, new byte[50_000]);
            Touch(path);
        }
    }

    /// <summary>Two writes within one tick of the file system's clock look alike; a later user's does not.</summary>
    private static void Touch(string path) => File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(10));
}
