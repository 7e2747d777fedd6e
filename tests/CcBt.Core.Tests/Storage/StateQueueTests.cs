using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

public sealed class StateQueueTests
{
    private static StateFile FileOf(IDisk disk, int number, string folder = "s") => new(disk, DiskPath.Create("/state", $"{folder}/{number}.state"));

    private static Task SaveAsync(StateQueue queue, StateFile file, byte[] payload) => queue.SaveAsync(file, () =>
    {
        file.Write(payload);
        return true;
    });

    /// <summary>Holds the queue until it is released, so that what is asked for meanwhile waits together.</summary>
    private static Action Hold(StateQueue queue, StateFile file)
    {
        var hold = new ManualResetEventSlim();
        _ = queue.RunAsync(file, hold.Wait);
        return hold.Set;
    }

    [Fact]
    public async Task Saves_that_wait_together_share_a_flush_of_their_directory()
    {
        var disk = new GatedDisk(new MemoryDisk());
        var queue = new StateQueue(threads: 1);
        Action release = Hold(queue, FileOf(disk, 0));
        Task[] saves = [.. Enumerable.Range(1, Limits.StateSavesTogether + 1).Select(i => SaveAsync(queue, FileOf(disk, i), [(byte)i]))];
        release();
        await Task.WhenAll(saves);
        Assert.Equal(2, disk.DirectoryFlushes);
        Assert.All(Enumerable.Range(1, saves.Length), i => Assert.Equal([(byte)i], FileOf(disk, i).Load().Payload.ToArray()));
    }

    [Fact]
    public async Task Saves_that_wait_together_are_written_at_the_same_time()
    {
        using var directory = new TempDirectory();
        var disk = new GatedDisk(OperatingSystemDisk.Instance);
        var queue = new StateQueue(threads: 2);
        StateFile[] files = [.. Enumerable.Range(0, 20).Select(i => new StateFile(disk, DiskPath.Create(directory.Path, $"s/{i}.state")))];
        Action release = Hold(queue, files[0]);
        Task[] saves = [.. files.Select((file, i) => SaveAsync(queue, file, [(byte)i]))];
        disk.Shut();
        release();
        // Two hang at the gate at once; a third does not come.
        await disk.Waiting.WaitAsync();
        await disk.Waiting.WaitAsync();
        Assert.Equal(0, disk.Waiting.CurrentCount);
        disk.Open();
        await Task.WhenAll(saves);
        Assert.All(files, (file, i) => Assert.Equal([(byte)i], file.Load().Payload.ToArray()));
    }

    [Fact]
    public async Task What_is_asked_of_one_file_is_done_in_order()
    {
        var disk = new GatedDisk(new MemoryDisk());
        var queue = new StateQueue(threads: 1);
        StateFile file = FileOf(disk, 1);
        Action release = Hold(queue, FileOf(disk, 0));
        StateLoad? first = null, afterDelete = null;
        Task[] all =
        [
            SaveAsync(queue, file, [1]), SaveAsync(queue, file, [2]), queue.RunAsync(file, () => first = file.Load()),
            queue.RunAsync(file, file.Delete), queue.RunAsync(file, () => afterDelete = file.Load()), SaveAsync(queue, file, [3]),
        ];
        release();
        await Task.WhenAll(all);
        Assert.Equal([2], first!.Payload.ToArray());
        Assert.False(afterDelete!.IsUsable);
        Assert.Equal([3], file.Load().Payload.ToArray());
    }

    [Fact]
    public async Task Directories_are_flushed_each_for_its_own()
    {
        var disk = new GatedDisk(new MemoryDisk());
        var queue = new StateQueue(threads: 1);
        Action release = Hold(queue, FileOf(disk, 0));
        Task both = Task.WhenAll(SaveAsync(queue, FileOf(disk, 1), [1]), SaveAsync(queue, FileOf(disk, 2, "t"), [2]));
        release();
        await both;
        Assert.Equal(2, disk.DirectoryFlushes);
    }

    [Fact]
    public async Task A_save_that_has_become_needless_is_not_written()
    {
        var disk = new GatedDisk(new MemoryDisk());
        await new StateQueue(threads: 1).SaveAsync(FileOf(disk, 1), static () => false);
        Assert.Equal(0, disk.DirectoryFlushes);
    }

    /// <summary>Whatever call fails, every save ends, and one that ended well is there.</summary>
    [Fact]
    public async Task A_failing_call_fails_who_needed_it_and_nobody_hangs()
    {
        const int files = 3;
        int failed = 0;
        for (int call = 1; ; call++)
        {
            var disk = new MemoryDisk();
            var faulty = new FaultyDisk(disk) { FailAt = call };
            var queue = new StateQueue(threads: 1);
            Action release = Hold(queue, FileOf(faulty, 0));
            Task[] saves = [.. Enumerable.Range(1, files).Select(i => SaveAsync(queue, FileOf(faulty, i), [(byte)i]))];
            release();
            await Task.WhenAll(saves).WaitAsync(TimeSpan.FromSeconds(60)).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            Assert.All(saves, s => Assert.True(s.IsCompleted, $"call {call}"));
            disk.Crash(new Random(call));
            for (int i = 1; i <= files; i++)
            {
                if (saves[i - 1].IsFaulted)
                    Assert.IsType<TorrentStorageException>(saves[i - 1].Exception!.InnerException);
                else
                    Assert.Equal([(byte)i], FileOf(disk, i).Load().Payload.ToArray());
            }
            failed += saves.Count(s => s.IsFaulted);
            if (faulty.Calls < call)
                break;
        }
        // Some calls only look for a former copy; the rest is needed.
        Assert.InRange(failed, files, int.MaxValue);
    }

    /// <summary>The power fails between or behind calls: what a save has reported is there, and nothing is half there.</summary>
    [Fact]
    public async Task A_power_loss_at_any_instant_keeps_what_was_reported()
    {
        const int files = 4;
        for (int seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var disk = new MemoryDisk();
            var faulty = new FaultyDisk(disk) { FailAt = random.Next(1, 90), StaysBroken = true };
            var queue = new StateQueue(threads: 1);
            var saved = new byte[files + 1];
            for (byte round = 1; round <= 3; round++)
            {
                Action release = Hold(queue, FileOf(faulty, 0));
                byte content = round;
                Task[] saves = [.. Enumerable.Range(1, files).Select(i => SaveAsync(queue, FileOf(faulty, i), [content]))];
                release();
                await Task.WhenAll(saves).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
                for (int i = 1; i <= files; i++)
                    saved[i] = saves[i - 1].IsCompletedSuccessfully ? round : saved[i];
            }
            disk.Crash(random);
            for (int i = 1; i <= files; i++)
            {
                StateLoad load = FileOf(disk, i).Load();
                byte found = load.IsUsable ? load.Payload.Span[0] : (byte)0;
                Assert.True(found >= saved[i] && found <= 3, $"seed {seed}: file {i} was reported as saved in round {saved[i]} and holds round {found}");
            }
        }
    }
}
