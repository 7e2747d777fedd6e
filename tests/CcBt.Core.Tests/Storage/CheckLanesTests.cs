using CcBt.Core.Metainfo;
using CcBt.Core.Storage;
using CcBt.Core.Tests.Time;

namespace CcBt.Core.Tests.Storage;

/// <summary>Checks of so many pieces that several are hashed at a time.</summary>
public sealed class CheckLanesTests
{
    private const int PieceLength = 4096;

    // Lanes times turns, for each thread, and some that are left over.
    private static readonly int Pieces = 8 * Limits.CheckTurns * Math.Min(Environment.ProcessorCount, Limits.CheckThreads) + 13;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PieceLength - 1)]
    public async Task Exactly_the_pieces_that_differ_are_bad(int cut)
    {
        // Files end inside pieces, and the last piece is shorter than the others when something is cut.
        int length = Pieces * PieceLength - cut;
        var payload = new Payload(PieceLength, ("a", 10_000), ("b", length - 10_000));
        using var harness = new StoreHarness(payload);
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GiveAll(storage);
        await storage.FlushAsync(CancellationToken.None);
        int[] wrong = [0, 2, 9, 30, 31, 32, 33, 34, 35, 36, 37, Pieces - 2, Pieces - 1];
        byte[] b = File.ReadAllBytes(harness.Directory["b"]), a = File.ReadAllBytes(harness.Directory["a"]);
        foreach (int piece in wrong)
        {
            int at = piece * PieceLength;
            (at < a.Length ? ref a[at] : ref b[at - a.Length]) ^= 1;
        }
        File.WriteAllBytes(harness.Directory["a"], a);
        File.WriteAllBytes(harness.Directory["b"], b);
        CheckResult result = await storage.CheckAsync(null, CancellationToken.None);
        Assert.Equal(wrong, Enumerable.Range(0, Pieces).Where(i => !result.GoodPieces[i]));
    }

    [Fact]
    public async Task Of_a_file_that_ends_early_the_pieces_that_are_there_are_good()
    {
        var payload = new Payload(PieceLength, ("a", 20 * PieceLength), ("b", (Pieces - 20) * PieceLength));
        using var harness = new StoreHarness(payload);
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GiveAll(storage);
        await storage.FlushAsync(CancellationToken.None);
        CheckTests.Cut(harness.Directory["a"], 13 * PieceLength + 1);
        CheckResult result = await storage.CheckAsync(null, CancellationToken.None);
        Assert.Equal(Enumerable.Range(13, 7), Enumerable.Range(0, Pieces).Where(i => !result.GoodPieces[i]));
    }

    [Fact]
    public async Task A_piece_that_cannot_be_read_is_bad_and_those_beside_it_are_good()
    {
        var payload = new Payload(PieceLength, ("a", Pieces * PieceLength));
        var disk = new FaultyDisk(OperatingSystemDisk.Instance);
        using var harness = new StoreHarness(payload, disk);
        await using TorrentStorage storage = await harness.OpenAsync();
        harness.GiveAll(storage);
        disk.Restart();
        disk.FailAt = Pieces / 2;
        CheckResult result = await storage.CheckAsync(null, CancellationToken.None);
        Assert.Equal(Pieces - 1, result.GoodPieces.Count);
    }

    // From too few pieces for lanes to more than two times as many as there are, in one run, in two and in many, the last of them shorter.
    [Theory]
    [InlineData(4, PieceLength)]
    [InlineData(5, PieceLength)]
    [InlineData(8, 2048)]
    [InlineData(17, 1536)]
    [InlineData(21, 64)]
    public async Task A_batch_judges_each_piece_for_itself(int count, int run)
    {
        var payload = new Payload(PieceLength, ("a", count * PieceLength));
        var disk = new FaultyDisk(OperatingSystemDisk.Instance);
        using var harness = new StoreHarness(payload, disk);
        await using (TorrentStorage storage = await harness.OpenAsync())
            harness.GiveAll(storage);
        for (int wrong = 0; wrong < count; wrong++)
        {
            CheckTests.Flip(harness.Directory["a"], (wrong + 1) * PieceLength - 1);
            Assert.Equal([wrong], BadIn(harness, count, run));
            CheckTests.Flip(harness.Directory["a"], (wrong + 1) * PieceLength - 1);
        }
        Assert.Empty(BadIn(harness, count, run));
        disk.Restart();
        Assert.Empty(BadIn(harness, count, run));
        // The first call is the look at the file; without it, nothing is there.
        for (int call = disk.Calls; call > 1; call--)
        {
            disk.Restart();
            disk.FailAt = call;
            Assert.Single(BadIn(harness, count, run));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task No_more_threads_hash_several_pieces_at_a_time_than_have_a_turn(int most)
    {
        var payload = new Payload(PieceLength, ("a", Pieces * PieceLength));
        using var harness = new StoreHarness(payload);
        await using (TorrentStorage storage = await harness.OpenAsync())
            harness.GiveAll(storage);
        var turns = new LaneTurns(most);
        int entered = 0;
        var source = new CheckSource(new TorrentFiles(harness.Options()), payload.Verifier, () => Interlocked.Increment(ref entered) > 0, () => { });
        bool[] good = await new PieceChecker(payload.Layout, source, payload.Verifier, new PieceRange(0, Pieces), turns).RunAsync(null, CancellationToken.None);
        Assert.DoesNotContain(false, good);
        Assert.Equal(2 * Pieces, entered);
        for (int i = 0; i < most; i++)
            Assert.True(turns.TryTake());
        Assert.False(turns.TryTake());
    }

    [Fact]
    public void A_batch_whose_store_was_closed_is_cancelled()
    {
        using var harness = new StoreHarness(new Payload(PieceLength, ("a", PieceLength)));
        var source = new CheckSource(new TorrentFiles(harness.Options()), harness.Payload.Verifier, () => false, () => throw new InvalidOperationException("It was not entered."));
        Assert.Throws<OperationCanceledException>(() => source.Judge(0));
        Assert.Throws<OperationCanceledException>(() => source.TryRead(0, 0, new byte[1]));
    }

    [Fact]
    public async Task A_batch_is_cancelled_between_two_reads()
    {
        const int count = 8, looks = count, reads = 3;
        using var harness = new StoreHarness(new Payload(PieceLength, ("a", count * PieceLength)));
        if (!Sha1Lanes.IsSupported)
            return;
        await using (TorrentStorage storage = await harness.OpenAsync())
            harness.GiveAll(storage);
        using var cancel = new CancellationTokenSource();
        int entered = 0;
        var source = new CheckSource(new TorrentFiles(harness.Options()), harness.Payload.Verifier, Enter, () => { });
        source.LookAtFiles(new PieceRange(0, count));
        var batch = new PieceBatch(harness.Payload.Layout, source, harness.Payload.Verifier, harness.Payload.Verifier.NewLanes(), 1024, TimeProvider.System);
        Assert.Throws<OperationCanceledException>(() => batch.Check(0, new bool[count], cancel.Token));
        Assert.Equal(looks + reads, entered);

        bool Enter()
        {
            if (++entered == looks + reads)
                cancel.Cancel();
            return true;
        }
    }

    // Eight at a time, pieces are read in four runs each, else in one; each is looked at once before.
    [Theory]
    [InlineData(false, 2 * (8 + 8 * 4))]
    [InlineData(true, 8 + 8 * 4 + 8 + 8)]
    public async Task A_disk_that_is_slower_than_the_hash_is_soon_read_piece_by_piece(bool isSlow, int expected)
    {
        const int count = 16;
        using var harness = new StoreHarness(new Payload(PieceLength, ("a", count * PieceLength)));
        if (harness.Payload.Verifier.NewLanes() is not { } lanes)
            return;
        await using (TorrentStorage storage = await harness.OpenAsync())
            harness.GiveAll(storage);
        var time = new ManualTimeProvider();
        int entered = 0;
        var source = new CheckSource(new TorrentFiles(harness.Options()), harness.Payload.Verifier, Enter, () => { });
        source.LookAtFiles(new PieceRange(0, count));
        var good = new bool[count];
        new PieceBatch(harness.Payload.Layout, source, harness.Payload.Verifier, lanes, 1024, time).Check(0, good, CancellationToken.None);
        Assert.DoesNotContain(false, good);
        Assert.Equal(expected, entered);

        bool Enter()
        {
            entered++;
            if (isSlow)
                time.Advance(TimeSpan.FromMilliseconds(1));
            return true;
        }
    }

    private static int[] BadIn(StoreHarness harness, int count, int run)
    {
        Payload payload = harness.Payload;
        var source = new CheckSource(new TorrentFiles(harness.Options()), payload.Verifier, () => true, () => { });
        source.LookAtFiles(new PieceRange(0, count));
        var good = new bool[count];
        new PieceBatch(payload.Layout, source, payload.Verifier, payload.Verifier.NewLanes(), run, new ManualTimeProvider()).Check(0, good, CancellationToken.None);
        return [.. Enumerable.Range(0, count).Where(i => !good[i])];
    }
}
