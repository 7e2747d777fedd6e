using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

public sealed class FileSelectionTests
{
    private const string Parts = ".0123456789abcdef0123456789abcdef01234567.parts";

    // Pieces of 32 KiB: a = 0..1, b = 1..3, c = 3..4.
    private static readonly bool[] OnlyA = [true, false, false, false];
    private static readonly bool[] AllButC = [true, true, true, false];

    [Fact]
    public async Task Unselected_files_never_appear()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync(OnlyA);
        harness.GivePiece(storage, 0);
        Assert.Equal(["t/a.bin"], harness.Directory.Files());
        harness.GivePiece(storage, 1);
        Assert.Equal([Parts, "t/a.bin"], harness.Directory.Files());
        Assert.True(harness.Reads(storage, 1));
        harness.AssertFileOnDisk(0);
    }

    [Fact]
    public async Task The_parts_file_is_found_again()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using (TorrentStorage storage = await harness.OpenAsync(OnlyA))
        {
            harness.GivePiece(storage, 0);
            harness.GivePiece(storage, 1);
        }
        await using TorrentStorage again = await harness.OpenAsync(OnlyA);
        CheckResult result = await again.CheckAsync(null, CancellationToken.None);
        Assert.Equal(2, result.GoodPieces.Count);
        Assert.Equal([FileState.Good, FileState.Missing, FileState.Missing, FileState.Missing], result.Files);
        Assert.True(harness.Reads(again, 1));
    }

    [Fact]
    public async Task Selecting_a_file_moves_its_bytes_out_of_the_parts_file()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync(OnlyA);
        for (int piece = 0; piece < 4; piece++)
            harness.GivePiece(storage, piece);
        await storage.SelectAsync(AllButC, CancellationToken.None);
        harness.AssertFileOnDisk(0);
        harness.AssertFileOnDisk(2);
        Assert.Equal([Parts, "t/a.bin", "t/d/b.bin", "t/empty"], harness.Directory.Files());
        await storage.SelectAsync(null, CancellationToken.None);
        for (int piece = 0; piece < 4; piece++)
            Assert.True(harness.Reads(storage, piece));
        harness.GivePiece(storage, 4);
        harness.AssertFileOnDisk(3);
        Assert.DoesNotContain(Parts, harness.Directory.Files());
    }

    [Fact]
    public async Task A_file_that_exists_stays_when_it_is_no_longer_selected()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GivePiece(storage, 0);
        await storage.SelectAsync([false, false, true, true], CancellationToken.None);
        Assert.True(harness.Reads(storage, 0));
        harness.GivePiece(storage, 1);
        harness.AssertFileOnDisk(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(30)]
    [InlineData(70)]
    public async Task A_damaged_parts_file_is_not_believed(int offset)
    {
        using var harness = new StoreHarness(Payload.Small());
        await using (TorrentStorage storage = await harness.OpenAsync(OnlyA))
        {
            harness.GivePiece(storage, 0);
            harness.GivePiece(storage, 1);
        }
        byte[] bytes = File.ReadAllBytes(harness.Directory[Parts]);
        bytes[offset] ^= 0x10;
        File.WriteAllBytes(harness.Directory[Parts], bytes);
        await using TorrentStorage again = await harness.OpenAsync(OnlyA);
        CheckResult result = await again.CheckAsync(null, CancellationToken.None);
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(i => result.GoodPieces[i]));
        Assert.True(harness.GivePiece(again, 1).IsGood);
        Assert.True(harness.Reads(again, 1));
    }

    [Fact]
    public async Task A_damaged_record_is_not_written_over_a_good_file_and_a_good_one_repairs_it()
    {
        using var harness = new StoreHarness(Payload.Small());
        await using (TorrentStorage storage = await harness.OpenAsync(OnlyA))
        {
            harness.GivePiece(storage, 0);
            harness.GivePiece(storage, 1);
        }
        int inA = PartsHeader.Length + PartsHeader.RecordHeaderLength + 5;
        CheckTests.Flip(harness.Directory[Parts], inA);
        await (await harness.OpenAsync(OnlyA)).DisposeAsync();
        harness.AssertFileOnDisk(0);
        CheckTests.Flip(harness.Directory[Parts], inA);
        CheckTests.Flip(harness.Directory["t/a.bin"], 40_000);
        await (await harness.OpenAsync(OnlyA)).DisposeAsync();
        harness.AssertFileOnDisk(0);
    }

    [Fact]
    public async Task Padding_between_files_does_not_spoil_the_parts_file()
    {
        using var harness = new StoreHarness(new Payload(64 * 1024, ("a", 10_000), ("b", 1_000), ("", 54_536), ("c", 100)));
        await using (TorrentStorage storage = await harness.OpenAsync(true, false, false))
        {
            Assert.True(storage.TryOpenPiece(0, out PieceAssembly assembly));
            harness.Give(assembly, harness.Blocks(0).First());
            Assert.True(harness.Reads(storage, 0));
        }
        CheckTests.Flip(harness.Directory["a"], 9);
        await using TorrentStorage again = await harness.OpenAsync(true, false, false);
        harness.AssertFileOnDisk(0);
        Assert.Equal(1, (await again.CheckAsync(null, CancellationToken.None)).GoodPieces.Count);
    }

    [Fact]
    public async Task Every_failing_call_of_a_selection_loses_nothing()
    {
        for (int call = 1; ; call++)
        {
            var disk = new FaultyDisk(OperatingSystemDisk.Instance);
            using var harness = new StoreHarness(Payload.Small(), disk);
            bool failed = false;
            await using (TorrentStorage storage = await harness.OpenAsync(OnlyA))
            {
                for (int piece = 0; piece < 4; piece++)
                    harness.GivePiece(storage, piece);
                disk.Restart();
                disk.FailAt = call;
                try
                {
                    await storage.SelectAsync(AllButC, CancellationToken.None);
                }
                catch (TorrentStorageException)
                {
                    failed = true;
                }
                disk.FailAt = 0;
                for (int piece = 0; piece < 4; piece++)
                    Assert.True(harness.Reads(storage, piece), $"call {call}, piece {piece}");
                if (failed)
                    await storage.SelectAsync(AllButC, CancellationToken.None);
                harness.AssertFileOnDisk(2);
            }
            await using TorrentStorage again = await harness.OpenAsync(AllButC);
            Assert.Equal(4, (await again.CheckAsync(null, CancellationToken.None)).GoodPieces.Count);
            if (!failed)
                break;
        }
    }
}
