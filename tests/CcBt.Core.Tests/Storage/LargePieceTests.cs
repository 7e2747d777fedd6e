using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Storage;

public sealed class LargePieceTests
{
    private const int Mebibyte = 1 << 20;

    private static Payload Large() => new(6 * Mebibyte, ("l/a", 5 * Mebibyte + 12_345), ("", 100_000), ("l/b", 3 * Mebibyte));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Runs_in_any_order_give_the_files(int seed)
    {
        using var harness = new StoreHarness(Large());
        await using TorrentStorage storage = await harness.OpenAsync();
        var random = new Random(seed);
        for (int piece = 0; piece < harness.Payload.Layout.PieceCount; piece++)
        {
            Assert.True(storage.TryOpenPiece(piece, out PieceAssembly assembly));
            BlockAddress[] blocks = [.. harness.Blocks(piece)];
            random.Shuffle(blocks);
            foreach (BlockAddress block in blocks)
                harness.Give(assembly, block);
        }
        Assert.True(storage.Verified.IsFull);
        harness.AssertFileOnDisk(0);
        harness.AssertFileOnDisk(1);
        Assert.Equal(0, harness.Budget.Lent);
    }

    [Fact]
    public async Task A_piece_in_order_needs_one_run_of_memory()
    {
        using var harness = new StoreHarness(Large(), budget: Mebibyte);
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GiveAll(storage);
        Assert.True(harness.Reads(storage, 0));
        CheckResult result = await storage.CheckAsync(null, CancellationToken.None);
        Assert.True(result.GoodPieces.IsFull);
    }

    [Fact]
    public async Task Blocks_of_runs_without_memory_are_refused_until_there_is_some()
    {
        using var harness = new StoreHarness(Large(), budget: Mebibyte);
        await using TorrentStorage storage = await harness.OpenAsync();
        storage.TryOpenPiece(0, out PieceAssembly assembly);
        Assert.True(assembly.TryPrepare(0));
        Assert.False(assembly.TryPrepare(2 * Mebibyte));
        Assert.False(harness.Give(assembly, new BlockAddress(0, 2 * Mebibyte, BlockAddress.Size)));
        foreach (BlockAddress block in harness.Blocks(0).TakeWhile(b => b.Begin < Mebibyte))
            harness.Give(assembly, block);
        Assert.True(assembly.TryPrepare(2 * Mebibyte));
        Assert.False(storage.TryOpenPiece(1, out _));
    }

    [Fact]
    public async Task A_bad_block_is_found_by_its_digest_after_its_run_was_written()
    {
        using var harness = new StoreHarness(Large());
        await using TorrentStorage storage = await harness.OpenAsync();
        storage.TryOpenPiece(0, out PieceAssembly assembly);
        int wrong = 3 * Mebibyte;
        foreach (BlockAddress block in harness.Blocks(0))
            harness.Give(assembly, block, isWrong: block.Begin == wrong);
        Assert.True(harness.Verdicts.TryDequeue(out PieceVerdict? bad));
        Assert.True(!bad.IsGood && bad.HasDigests && !storage.Has(0));
        Dictionary<int, BlockDigest> before = bad.Contributions.ToDictionary(c => c.Block, c => c.Digest);
        storage.WantBlockHashes(0);
        PieceVerdict good = harness.GivePiece(storage, 0);
        Assert.True(good.IsGood);
        Assert.Equal([wrong / BlockAddress.Size], good.Contributions.Where(c => before[c.Block] != c.Digest).Select(c => c.Block));
    }

    [Fact]
    public async Task A_failed_run_ends_the_piece_once_and_it_can_be_tried_again()
    {
        var disk = new FaultyDisk(OperatingSystemDisk.Instance);
        using var harness = new StoreHarness(Large(), disk);
        await using TorrentStorage storage = await harness.OpenAsync();
        storage.TryOpenPiece(0, out PieceAssembly assembly);
        BlockAddress[] blocks = [.. harness.Blocks(0)];
        BlockAddress held = blocks[^1];
        Assert.True(assembly.TryClaim(held, 7, out _));
        disk.Capacity = 0;
        foreach (BlockAddress block in blocks)
            harness.Give(assembly, block);
        PieceVerdict verdict = Assert.Single(harness.Verdicts);
        Assert.Equal(TorrentErrorCode.DiskFull, verdict.WriteError?.Code);
        Assert.False(verdict.IsGood || verdict.HasDigests);
        Assert.NotEqual(0, harness.Budget.Lent);
        assembly.Complete(held, 7);
        Assert.Equal(0, harness.Budget.Lent);
        Assert.Single(harness.Verdicts);

        disk.Capacity = long.MaxValue;
        harness.Verdicts.Clear();
        Assert.True(harness.GivePiece(storage, 0).IsGood);
    }
}
