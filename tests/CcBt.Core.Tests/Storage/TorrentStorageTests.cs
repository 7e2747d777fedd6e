using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Storage;

public sealed class TorrentStorageTests
{
    [Fact]
    public async Task Pieces_given_block_by_block_become_the_files()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GiveAll(storage);
        for (int file = 0; file < harness.Payload.Files.Count; file++)
            harness.AssertFileOnDisk(file);
        Assert.True(storage.Verified.IsFull);
        Assert.Equal(0, harness.Budget.Lent);
        Assert.Equal(["t/a.bin", "t/c.bin", "t/d/b.bin", "t/empty"], harness.Directory.Files());
    }

    [Fact]
    public async Task Blocks_of_verified_pieces_are_read_and_others_are_not()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GivePiece(storage, 1);
        Assert.True(harness.Reads(storage, 1));
        Assert.False(storage.TryRead(new BlockAddress(0, 0, 100), new byte[100]));
        Assert.False(storage.TryRead(new BlockAddress(1, 32 * 1024 - 10, 11), new byte[11]));
        Assert.False(storage.TryRead(new BlockAddress(1, -1, 10), new byte[10]));
        Assert.False(storage.TryRead(new BlockAddress(int.MaxValue, 0, 10), new byte[10]));
        Assert.Empty(harness.Suspected);
    }

    [Fact]
    public async Task Nothing_is_created_before_it_is_written()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        Assert.Equal(["t/empty"], harness.Directory.Files());
        harness.GivePiece(storage, 0);
        Assert.Equal(["t/a.bin", "t/empty"], harness.Directory.Files());
        Assert.Equal(50_000, new FileInfo(harness.Directory["t/a.bin"]).Length);
    }

    [Fact]
    public async Task A_check_finds_what_was_written()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using (TorrentStorage storage = await harness.OpenAsync())
        {
            harness.GivePiece(storage, 0);
            harness.GivePiece(storage, 3);
        }
        await using TorrentStorage again = await harness.OpenAsync();
        Assert.False(again.Has(0));
        CheckResult result = await again.CheckAsync(null, CancellationToken.None);
        Assert.Equal([0, 3], Enumerable.Range(0, harness.Payload.Layout.PieceCount).Where(i => result.GoodPieces[i]));
        Assert.Equal([FileState.Bad, FileState.Good, FileState.Bad, FileState.Bad], result.Files);
        Assert.True(harness.Reads(again, 3));
    }

    [Fact]
    public async Task A_bad_piece_is_not_written_and_its_blocks_are_named()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        Assert.True(storage.TryOpenPiece(0, out PieceAssembly assembly));
        int link = 10;
        foreach (BlockAddress block in harness.Blocks(0))
            Assert.True(harness.Give(assembly, block, link, isWrong: link++ == 11));
        Assert.True(harness.Verdicts.TryDequeue(out PieceVerdict? verdict));
        Assert.False(verdict.IsGood);
        Assert.Null(verdict.WriteError);
        Assert.True(verdict.HasDigests);
        BlockDigest[] bad = [.. verdict.Contributions.Select(c => c.Digest)];
        Assert.Equal([10, 11], verdict.Contributions.Select(c => c.Link));
        Assert.False(File.Exists(harness.Directory["t/a.bin"]));

        storage.WantBlockHashes(0);
        PieceVerdict good = harness.GivePiece(storage, 0);
        Assert.True(good.IsGood && good.HasDigests);
        Assert.Equal([true, false], good.Contributions.Select((c, i) => c.Digest == bad[i]));
        Assert.False(harness.GivePiece(storage, 1).HasDigests);
    }

    [Fact]
    public async Task Closing_leaves_no_handle_and_no_buffer()
    {
        using var harness = new StoreHarness(Payload.Small());
        TorrentStorage storage = await harness.OpenAsync();
        harness.GivePiece(storage, 0);
        Assert.True(storage.TryOpenPiece(1, out PieceAssembly assembly));
        BlockAddress block = harness.Blocks(1).First();
        Assert.True(assembly.TryClaim(block, 1, out _));
        await storage.DisposeAsync();
        Assert.Equal(0, harness.Handles.Count);
        Assert.False(storage.TryOpenPiece(2, out _));
        Assert.False(storage.TryRead(new BlockAddress(0, 0, 10), new byte[10]));
        Assert.NotEqual(0, harness.Budget.Lent);
        assembly.Abandon(block, 1);
        Assert.Equal(0, harness.Budget.Lent);
        Assert.Empty(harness.Verdicts);
    }
}
