using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Storage;

public sealed class PieceAssemblyTests
{
    [Fact]
    public async Task Any_order_of_blocks_gives_the_same_files()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            using var harness = new StoreHarness(Payload.Small());
            await using TorrentStorage storage = await harness.OpenAsync();
            var random = new Random(seed);
            BlockAddress[] blocks = [.. Enumerable.Range(0, harness.Payload.Layout.PieceCount).SelectMany(harness.Blocks)];
            random.Shuffle(blocks);
            foreach (BlockAddress block in blocks)
            {
                Assert.True(storage.TryOpenPiece(block.Piece, out PieceAssembly assembly));
                Assert.True(harness.Give(assembly, block), $"seed {seed}: {block}");
            }
            Assert.True(storage.Verified.IsFull, $"seed {seed}");
            for (int file = 0; file < harness.Payload.Files.Count; file++)
                harness.AssertFileOnDisk(file);
        }
    }

    [Fact]
    public async Task One_of_two_claims_wins_and_an_abandoned_block_is_free_again()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        storage.TryOpenPiece(0, out PieceAssembly assembly);
        BlockAddress block = harness.Blocks(0).First();
        Assert.True(assembly.TryClaim(block, 1, out _));
        Assert.False(assembly.TryClaim(block, 2, out _));
        assembly.Abandon(block, 1);
        Assert.True(harness.Give(assembly, block, 2));
        Assert.True(assembly.IsReceived(0));
        Assert.False(assembly.TryClaim(block, 3, out _));
    }

    [Theory]
    [InlineData(0, 0, 16383)]
    [InlineData(0, 1, 16384)]
    [InlineData(0, -16384, 16384)]
    [InlineData(0, 32768, 16384)]
    [InlineData(1, 0, 16384)]
    public async Task Blocks_that_are_none_of_the_piece_are_refused(int piece, int begin, int length)
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        storage.TryOpenPiece(0, out PieceAssembly assembly);
        Assert.False(assembly.TryClaim(new BlockAddress(piece, begin, length), 1, out _));
    }

    [Fact]
    public async Task A_late_lease_cannot_write_into_a_piece_that_ended()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        storage.TryOpenPiece(0, out PieceAssembly first);
        harness.GivePiece(storage, 0);
        storage.TryOpenPiece(1, out PieceAssembly second);
        Assert.Same(first, second);
        Assert.False(first.TryClaim(harness.Blocks(0).First(), 1, out _));
    }

    [Fact]
    public async Task Releasing_a_piece_waits_for_claims_in_use()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        storage.TryOpenPiece(0, out PieceAssembly assembly);
        BlockAddress[] blocks = [.. harness.Blocks(0)];
        Assert.True(assembly.TryClaim(blocks[0], 1, out _));
        storage.ReleasePiece(0);
        Assert.Equal(32 * 1024, harness.Budget.Lent);
        Assert.False(assembly.TryClaim(blocks[1], 1, out _));
        assembly.Complete(blocks[0], 1);
        Assert.Equal(0, harness.Budget.Lent);
        Assert.True(harness.GivePiece(storage, 0).IsGood);
    }

    [Fact]
    public async Task A_used_up_budget_refuses_pieces_and_tells_when_it_is_free()
    {
        using var harness = new StoreHarness(Payload.Small(), budget: 64 * 1024);
        await using TorrentStorage storage = await harness.OpenAsync();
        Assert.True(storage.TryOpenPiece(0, out _));
        Assert.True(storage.TryOpenPiece(1, out _));
        Assert.True(storage.TryOpenPiece(1, out _));
        Assert.False(storage.TryOpenPiece(2, out _));
        Assert.Equal(0, harness.TimesFreed);
        harness.GivePiece(storage, 0);
        Assert.Equal(1, harness.TimesFreed);
        harness.GivePiece(storage, 1);
        Assert.Equal(1, harness.TimesFreed);
        Assert.True(storage.TryOpenPiece(2, out _));
    }

    [Fact]
    public async Task Padding_is_neither_asked_for_nor_written()
    {
        var payload = new Payload(64 * 1024, ("p/a", 10_000), ("", 55_536), ("p/b", 20_000), ("", 45_536), ("", 65_536), ("p/c", 1_000));
        using var harness = new StoreHarness(payload);
        await using TorrentStorage storage = await harness.OpenAsync();
        storage.TryOpenPiece(0, out PieceAssembly assembly);
        Assert.Equal([false, true, true, true], harness.Blocks(0).Select(b => assembly.IsReceived(b.Begin)));
        Assert.True(harness.Give(assembly, harness.Blocks(0).First()));
        storage.TryOpenPiece(1, out assembly);
        foreach (BlockAddress block in harness.Blocks(1).Reverse())
            harness.Give(assembly, block);
        Assert.True(storage.TryOpenPiece(2, out _));
        Assert.Equal([0, 1, 2], harness.Verdicts.Select(v => v.Piece));
        harness.Verdicts.Clear();
        harness.GivePiece(storage, 3);
        Assert.True(storage.Verified.IsFull);
        Assert.Equal(["p/a", "p/b", "p/c"], harness.Directory.Files());
        for (int piece = 0; piece < 4; piece++)
            Assert.True(harness.Reads(storage, piece));
        CheckResult result = await storage.CheckAsync(null, CancellationToken.None);
        Assert.True(result.GoodPieces.IsFull);
    }

    [Fact]
    public async Task Blocks_cost_no_memory_of_their_own()
    {
        using var harness = new StoreHarness(new Payload(1 << 20, ("a", 8 << 20)));
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GivePiece(storage, 0).Return();
        Assert.True(harness.Reads(storage, 0));
        BlockAddress[] blocks = [.. harness.Blocks(1)];
        Assert.True(storage.TryOpenPiece(1, out PieceAssembly assembly));
        var bytes = new byte[BlockAddress.Size];
        var served = new BlockAddress(0, 0, BlockAddress.Size);
        harness.Give(assembly, blocks[0]);
        Assert.True(storage.TryRead(served, bytes));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < blocks.Length - 1; i++)
        {
            harness.Give(assembly, blocks[i]);
            // One read in so many looks the file's name up, which costs a few strings; there are fewer here.
            if (i % 4 == 0)
                storage.TryRead(served, bytes);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Racing_connections_hash_every_piece_once()
    {
        using var harness = new StoreHarness(new Payload(64 * 1024, ("r/a", 1_000_000), ("r/b", 777_777)));
        await using TorrentStorage storage = await harness.OpenAsync();
        int pieces = harness.Payload.Layout.PieceCount;
        var assemblies = new PieceAssembly[pieces];
        for (int piece = 0; piece < pieces; piece++)
            Assert.True(storage.TryOpenPiece(piece, out assemblies[piece]));
        BlockAddress[] blocks = [.. Enumerable.Range(0, pieces).SelectMany(harness.Blocks)];
        int accepted = 0;
        Task[] links = [.. Enumerable.Range(0, 6).Select(link => Task.Run(() =>
        {
            BlockAddress[] mine = [.. blocks];
            var random = new Random(link);
            random.Shuffle(mine);
            foreach (BlockAddress block in mine)
            {
                PieceAssembly assembly = assemblies[block.Piece];
                if (random.Next(4) == 0)
                {
                    if (assembly.TryClaim(block, link, out _))
                        assembly.Abandon(block, link);
                }
                if (harness.Give(assembly, block, link))
                    Interlocked.Increment(ref accepted);
            }
        }))];
        await Task.WhenAll(links);
        Assert.Equal(pieces - storage.OpenPieces, harness.Verdicts.Count);
        foreach (BlockAddress block in blocks)
            harness.Give(assemblies[block.Piece], block);
        Assert.Equal(Enumerable.Range(0, pieces), harness.Verdicts.Select(v => v.Piece).Order());
        Assert.All(harness.Verdicts, v => Assert.True(v.IsGood));
        Assert.Equal(0, harness.Budget.Lent);
        harness.AssertFileOnDisk(0);
        harness.AssertFileOnDisk(1);
        Assert.True(accepted <= blocks.Length);
    }
}
