using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

public sealed class StateFileTests
{
    private const string Root = "/state";

    private static readonly byte[] First = [1, 2, 3, 4, 5];
    private static readonly byte[] Second = [9, 8, 7];
    private static readonly byte[] Third = [6];

    private static DiskPath PathOf(string suffix = "") => DiskPath.Create(Root, "a.resume" + suffix);

    [Fact]
    public void The_last_saved_state_is_loaded_and_the_one_before_is_kept()
    {
        var disk = new MemoryDisk();
        var state = new StateFile(disk, PathOf());
        state.Save(First);
        state.Save(Second);
        StateLoad load = state.Load();
        Assert.Equal((StateCopy.Current, StateFault.None), (load.Copy, load.Fault));
        Assert.Equal(Second, load.Payload.ToArray());
        Assert.Null(load.Trouble);
        Damage(disk, PathOf(), 0);
        Assert.Equal(First, state.Load().Payload.ToArray());
        Assert.Equal(0, disk.OpenFiles);
    }

    [Fact]
    public void What_both_copies_hold_already_is_not_written_again()
    {
        var disk = new MemoryDisk();
        var state = new StateFile(disk, PathOf());
        state.Save(First);
        state.Save(Second);
        state.Save(Second);
        DiskFileInfo before = disk.GetInfo(PathOf());
        state.Save(Second);
        Assert.Equal(before, disk.GetInfo(PathOf()));
        Damage(disk, PathOf(), 0);
        Assert.Equal(StateCopy.Former, state.Load().Copy);
        Assert.Equal(Second, state.Load().Payload.ToArray());
        state.Save(Second);
        Assert.Equal(StateCopy.Current, state.Load().Copy);
        Assert.Equal(Second, state.Load().Payload.ToArray());
    }

    [Fact]
    public void A_flipped_bit_anywhere_gives_the_former_copy()
    {
        var disk = new MemoryDisk();
        var state = new StateFile(disk, PathOf());
        state.Save(First);
        state.Save(Second);
        for (int offset = 0; offset < StateEnvelope.HeaderLength + Second.Length; offset++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                Damage(disk, PathOf(), offset, (byte)(1 << bit));
                StateLoad load = state.Load();
                Assert.Equal((StateCopy.Former, StateFault.Damaged), (load.Copy, load.Fault));
                Assert.Equal(First, load.Payload.ToArray());
                Assert.Contains("former copy", load.Trouble, StringComparison.Ordinal);
                Damage(disk, PathOf(), offset, (byte)(1 << bit));
            }
        }
        Assert.Equal(Second, state.Load().Payload.ToArray());
    }

    [Fact]
    public void A_file_cut_anywhere_is_damaged()
    {
        var disk = new MemoryDisk();
        var state = new StateFile(disk, PathOf());
        state.Save(First);
        for (int length = StateEnvelope.HeaderLength + First.Length - 1; length >= 0; length--)
        {
            using (IDiskFile file = disk.Open(PathOf(), DiskAccess.Write))
                file.SetLength(length);
            StateLoad load = state.Load();
            Assert.False(load.IsUsable);
            Assert.Equal(StateFault.Damaged, load.Fault);
        }
    }

    [Fact]
    public void A_newer_version_is_not_used_and_not_lost()
    {
        var disk = new MemoryDisk();
        var state = new StateFile(disk, PathOf());
        state.Save(First);
        state.Save(Second);
        byte[] bytes = new byte[StateEnvelope.HeaderLength + Third.Length];
        Third.CopyTo(bytes, StateEnvelope.HeaderLength);
        StateEnvelope.WriteHeader(bytes, Third, StateEnvelope.Version + 1);
        using (IDiskFile file = disk.Open(PathOf(), DiskAccess.Write))
        {
            file.SetLength(0);
            file.Write(bytes, 0);
        }
        StateLoad load = state.Load();
        Assert.Equal((StateCopy.Former, StateFault.NewerVersion), (load.Copy, load.Fault));
        Assert.Equal(First, load.Payload.ToArray());
        Assert.Contains("newer version", load.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_saved_is_no_fault_to_report()
    {
        StateLoad load = new StateFile(new MemoryDisk(), PathOf()).Load();
        Assert.Equal((StateCopy.None, StateFault.Missing), (load.Copy, load.Fault));
        Assert.Null(load.Trouble);
    }

    [Fact]
    public void A_damaged_file_does_not_push_out_the_former_copy()
    {
        var disk = new MemoryDisk();
        var state = new StateFile(disk, PathOf());
        state.Save(First);
        state.Save(Second);
        Damage(disk, PathOf(), 3);
        state.Save(Third);
        Damage(disk, PathOf(), 3);
        Assert.Equal(First, state.Load().Payload.ToArray());
    }

    [Fact]
    public void A_power_loss_at_any_instant_keeps_what_was_saved()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var disk = new MemoryDisk();
            var faulty = new FaultyDisk(disk) { FailAt = random.Next(1, 40), StaysBroken = true };
            var state = new StateFile(faulty, PathOf());
            int saved = 0, tried = 0;
            try
            {
                for (int i = 1; i <= 4; i++)
                {
                    tried = i;
                    state.Save([(byte)i, (byte)(i * 3)]);
                    saved = i;
                }
            }
            catch (TorrentStorageException)
            {
                // The power is gone.
            }
            disk.Crash(random);
            StateLoad load = new StateFile(disk, PathOf()).Load();
            int loaded = load.IsUsable ? load.Payload.Span[0] : 0;
            Assert.True(loaded >= saved && loaded <= tried, $"seed {seed}: saved {saved}, loaded {loaded}");
        }
    }

    [Fact]
    public void Every_failing_call_leaves_the_old_or_the_new_state()
    {
        for (int call = 1; ; call++)
        {
            var disk = new MemoryDisk();
            new StateFile(disk, PathOf()).Save(First);
            var faulty = new FaultyDisk(disk) { FailAt = call };
            bool failed = false;
            try
            {
                new StateFile(faulty, PathOf()).Save(Second);
            }
            catch (TorrentStorageException error)
            {
                failed = true;
                Assert.Equal(TorrentErrorCode.StorageFailure, error.Code);
            }
            byte[] now = new StateFile(disk, PathOf()).Load().Payload.ToArray();
            Assert.True(now.SequenceEqual(Second) || (failed && now.SequenceEqual(First)), $"call {call}");
            Assert.Equal(0, disk.OpenFiles);
            if (!failed && call > faulty.Calls)
                break;
        }
    }

    [Fact]
    public void The_real_disk_keeps_state_too()
    {
        using var directory = new TempDirectory();
        var state = new StateFile(OperatingSystemDisk.Instance, DiskPath.Create(directory.Path, "s/a.resume"));
        state.Save(First);
        state.Save(Second);
        Assert.Equal(Second, state.Load().Payload.ToArray());
        Assert.Equal(["s/a.resume", "s/a.resume.bak"], directory.Files());
        state.Delete();
        state.Delete();
        Assert.Empty(directory.Files());
    }

    private static void Damage(MemoryDisk disk, DiskPath path, int offset, byte mask = 1)
    {
        using IDiskFile file = disk.Open(path, DiskAccess.Write);
        Span<byte> one = stackalloc byte[1];
        file.Read(one, offset);
        one[0] ^= mask;
        file.Write(one, offset);
    }
}
