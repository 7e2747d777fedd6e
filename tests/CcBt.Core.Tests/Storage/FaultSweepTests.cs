using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Storage;

public sealed class FaultSweepTests
{
    private static readonly bool[] WithoutC = [true, true, true, false];

    [Fact]
    public async Task Every_failing_call_of_a_download_is_typed_and_the_next_try_finishes()
    {
        for (int call = 1; ; call++)
        {
            var disk = new FaultyDisk(OperatingSystemDisk.Instance);
            using var harness = new StoreHarness(Payload.Small(), disk);
            disk.FailAt = call;
            bool wasReached = await TryDownloadAsync(harness) || disk.Calls >= call;
            Assert.Equal(0, harness.Handles.Count);
            Assert.Equal(0, harness.Budget.Lent);
            disk.FailAt = 0;
            await using TorrentStorage storage = await harness.OpenAsync(WithoutC);
            await storage.CheckAsync(null, CancellationToken.None);
            for (int piece = 0; piece < 4; piece++)
            {
                Assert.True(storage.Has(piece) || harness.GivePiece(storage, piece).IsGood, $"call {call}, piece {piece}");
                Assert.True(harness.Reads(storage, piece));
            }
            harness.AssertFileOnDisk(0);
            harness.AssertFileOnDisk(2);
            if (!wasReached)
                break;
        }
    }

    [Fact]
    public async Task A_disk_that_is_full_anywhere_and_then_freed_ends_with_all_pieces()
    {
        for (long capacity = 0; capacity < 250_000; capacity += 10_000)
        {
            var disk = new FaultyDisk(OperatingSystemDisk.Instance) { Capacity = capacity };
            using var harness = new StoreHarness(Payload.Small(), disk);
            await using TorrentStorage storage = await harness.OpenAsync();
            for (int piece = 0; piece < 5; piece++)
            {
                PieceVerdict verdict = harness.GivePiece(storage, piece);
                Assert.True(verdict.IsGood || verdict.WriteError is { Code: TorrentErrorCode.DiskFull, IsTransient: true }, $"capacity {capacity}");
                Assert.Equal(verdict.IsGood, storage.Has(piece));
                if (verdict.IsGood)
                    Assert.True(harness.Reads(storage, piece));
            }
            disk.Capacity = long.MaxValue;
            for (int piece = 0; piece < 5; piece++)
                Assert.True(storage.Has(piece) || harness.GivePiece(storage, piece).IsGood);
            Assert.True((await storage.CheckAsync(null, CancellationToken.None)).GoodPieces.IsFull, $"capacity {capacity}");
        }
    }

    [Fact]
    public async Task After_a_power_loss_no_believed_piece_is_wrong_and_no_saved_piece_is_lost()
    {
        for (int seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            var disk = new MemoryDisk();
            using var harness = new StoreHarness(Payload.Small(), disk);
            StorageSnapshot saved = new(new PieceSet(5), new DiskFileInfo[4], DiskFileInfo.Missing);
            TorrentStorage storage = await harness.OpenAsync(WithoutC);
            int[] order = [0, 1, 2, 3];
            random.Shuffle(order);
            foreach (int piece in order)
            {
                if (random.Next(3) == 0)
                    saved = await storage.FlushAsync(CancellationToken.None);
                harness.GivePiece(storage, piece);
            }
            if (random.Next(3) == 0)
                await storage.SelectAsync(null, CancellationToken.None);
            await storage.DisposeAsync();
            disk.Crash(random);
            await using TorrentStorage again = await harness.OpenAsync(WithoutC);
            PieceSet good = (await again.CheckAsync(null, CancellationToken.None)).GoodPieces;
            for (int piece = 0; piece < 5; piece++)
                Assert.True(!saved.Have[piece] || good[piece], $"seed {seed}: piece {piece} was saved and is gone");
            await using TorrentStorage trusting = await harness.OpenAsync(WithoutC);
            PieceSet trusted = await trusting.TrustAsync(saved, CancellationToken.None);
            for (int piece = 0; piece < 5; piece++)
                Assert.True(!trusted[piece] || harness.Reads(trusting, piece), $"seed {seed}: piece {piece} is believed and wrong");
        }
    }

    [Fact]
    public async Task A_directory_without_rights_is_a_permanent_error()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
            return;
        using var harness = new StoreHarness(Payload.Small());
        File.SetUnixFileMode(harness.Directory.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var error = await Assert.ThrowsAsync<TorrentStorageException>(() => harness.OpenAsync());
        File.SetUnixFileMode(harness.Directory.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        Assert.Equal((TorrentErrorCode.AccessDenied, false), (error.Code, error.IsTransient));
    }

    [Theory]
    [InlineData(28, TorrentErrorCode.DiskFull, true)]
    [InlineData(30, TorrentErrorCode.AccessDenied, false)]
    [InlineData(5, TorrentErrorCode.StorageFailure, true)]
    [InlineData(unchecked((int)0x80070070), TorrentErrorCode.DiskFull, true)]
    public void Errors_of_the_system_get_their_code(int result, TorrentErrorCode code, bool isTransient)
    {
        TorrentStorageException error = StorageErrors.From(new IOException("x", result), "/place");
        Assert.Equal((code, isTransient, "/place"), (error.Code, error.IsTransient, error.Place));
        Assert.Equal(TorrentErrorCode.AccessDenied, StorageErrors.From(new UnauthorizedAccessException(), "p").Code);
    }

    /// <summary>Whether anything failed.</summary>
    private static async Task<bool> TryDownloadAsync(StoreHarness harness)
    {
        bool failed = false;
        try
        {
            await using TorrentStorage storage = await harness.OpenAsync(WithoutC);
            for (int piece = 0; piece < 4; piece++)
            {
                PieceVerdict verdict = harness.GivePiece(storage, piece);
                failed |= !verdict.IsGood;
                Assert.True(verdict.IsGood || verdict.WriteError is not null);
            }
            await storage.FlushAsync(CancellationToken.None);
        }
        catch (TorrentStorageException)
        {
            failed = true;
        }
        return failed;
    }
}
