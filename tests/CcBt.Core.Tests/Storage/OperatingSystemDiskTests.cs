using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

public sealed class OperatingSystemDiskTests
{
    private static readonly OperatingSystemDisk Disk = OperatingSystemDisk.Instance;

    [Fact]
    public void Files_are_created_written_read_and_described()
    {
        using var directory = new TempDirectory();
        DiskPath path = DiskPath.Create(directory.Path, "a/b/c.bin");
        Assert.False(Disk.GetInfo(path).Exists);
        Assert.ThrowsAny<IOException>(() => Disk.Open(path, DiskAccess.Read));
        using (IDiskFile file = Disk.Open(path, DiskAccess.Write))
        {
            file.SetLength(100);
            file.Write([new byte[] { 1, 2 }, new byte[] { 3 }], 98);
            file.Flush();
            byte[] bytes = new byte[10];
            Assert.Equal(2, file.Read(bytes, 99));
            Assert.Equal([2, 3], bytes[..2]);
            Assert.Equal(file.Info, Disk.GetInfo(path));
        }
        Assert.Equal(101, Disk.GetInfo(path).Length);
        Disk.FlushDirectory(path.Parent);
        Assert.Equal(["c.bin"], Disk.Enumerate(path.Parent));
        Assert.Empty(Disk.Enumerate(DiskPath.Create(directory.Path, "none")));
    }

    [Fact]
    public void An_open_file_knows_whether_its_name_still_stands_for_it()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var directory = new TempDirectory();
        DiskPath path = DiskPath.Create(directory.Path, "a/ä.bin");
        using IDiskFile file = Disk.Open(path, DiskAccess.Write);
        Assert.True(file.HasItsName);
        File.Move(path.Full, directory["away"]);
        Assert.False(file.HasItsName);
        File.CreateSymbolicLink(path.Full, directory["away"]);
        Assert.False(file.HasItsName);
        File.Delete(path.Full);
        directory.Write("a/ä.bin", 10);
        Assert.False(file.HasItsName);
        File.Move(directory["away"], path.Full, overwrite: true);
        Assert.True(file.HasItsName);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
            Assert.True(file.HasItsName);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    [Fact]
    public void Directories_are_deleted_only_when_empty()
    {
        using var directory = new TempDirectory();
        DiskPath path = DiskPath.Create(directory.Path, "a/b");
        Disk.Open(path, DiskAccess.Write).Dispose();
        Assert.False(Disk.TryDeleteDirectory(path.Parent));
        Disk.Delete(path);
        Disk.Delete(path);
        Disk.Delete(DiskPath.Create(directory.Path, "x/y"));
        Assert.True(Disk.TryDeleteDirectory(path.Parent));
        Assert.False(Disk.TryDeleteDirectory(path.Parent));
    }

    [Fact]
    public void Renaming_creates_the_directory_and_replaces()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory["a"], "new");
        Directory.CreateDirectory(directory["d"]);
        File.WriteAllText(directory["d/b"], "old");
        Disk.Rename(DiskPath.Create(directory.Path, "a"), DiskPath.Create(directory.Path, "d/b"));
        Assert.Equal("new", File.ReadAllText(directory["d/b"]));
        Disk.Rename(DiskPath.Create(directory.Path, "d/b"), DiskPath.Create(directory.Path, "e/f/g"));
        Assert.Equal(["e/f/g"], directory.Files());
    }

    [Theory]
    [InlineData("link/inner.bin")]
    [InlineData("dir/link.bin")]
    [InlineData("dangling")]
    public void Links_below_the_root_are_refused_by_every_call(string relative)
    {
        using var directory = new TempDirectory();
        using var outside = new TempDirectory();
        File.WriteAllText(outside["inner.bin"], "secret");
        Directory.CreateDirectory(directory["dir"]);
        Directory.CreateSymbolicLink(directory["link"], outside.Path);
        File.CreateSymbolicLink(directory["dir/link.bin"], outside["inner.bin"]);
        File.CreateSymbolicLink(directory["dangling"], outside["made"]);
        DiskPath path = DiskPath.Create(directory.Path, relative);
        AssertRefused(() => Disk.Open(path, DiskAccess.Read));
        AssertRefused(() => Disk.Open(path, DiskAccess.Write));
        AssertRefused(() => Disk.GetInfo(path));
        Assert.Equal(["inner.bin"], outside.Files());
        Assert.Equal("secret", File.ReadAllText(outside["inner.bin"]));
    }

    [Fact]
    public void Nothing_is_deleted_or_renamed_through_a_link()
    {
        using var directory = new TempDirectory();
        using var outside = new TempDirectory();
        File.WriteAllText(outside["inner.bin"], "secret");
        File.WriteAllText(directory["mine"], "mine");
        Directory.CreateSymbolicLink(directory["link"], outside.Path);
        DiskPath path = DiskPath.Create(directory.Path, "link/inner.bin");
        AssertRefused(() => Disk.Delete(path));
        AssertRefused(() => Disk.Rename(path, DiskPath.Create(directory.Path, "x")));
        AssertRefused(() => Disk.Rename(DiskPath.Create(directory.Path, "mine"), path));
        AssertRefused(() => Disk.CreateDirectory(DiskPath.Create(directory.Path, "link/new")));
        AssertRefused(() => Disk.FlushDirectory(path.Parent));
        Assert.Equal(["inner.bin"], outside.Files());
    }

    [Fact]
    public void The_root_itself_may_be_a_link()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["real"]);
        Directory.CreateSymbolicLink(directory["root"], directory["real"]);
        Disk.Open(DiskPath.Create(directory["root"], "a/b"), DiskAccess.Write).Dispose();
        Assert.True(File.Exists(directory["real/a/b"]));
    }

    [Fact]
    public void A_file_where_a_directory_belongs_is_refused()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory["a"], "");
        AssertRefused(() => Disk.Open(DiskPath.Create(directory.Path, "a/b"), DiskAccess.Write));
    }

    [Fact]
    public void Holes_are_found()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var directory = new TempDirectory();
        using IDiskFile file = Disk.Open(DiskPath.Create(directory.Path, "sparse"), DiskAccess.Write);
        file.SetLength(10 << 20);
        Assert.Equal(10 << 20, file.NextData(0));
        file.Write(new byte[4096], 4 << 20);
        Assert.Equal(4 << 20, file.NextData(0));
        Assert.Equal((4 << 20) + 5, file.NextData((4 << 20) + 5));
        Assert.Equal(10 << 20, file.NextData(5 << 20));
    }

    private static void AssertRefused(Action action)
    {
        var error = Assert.Throws<TorrentStorageException>(action);
        Assert.Equal(TorrentErrorCode.PathRefused, error.Code);
        Assert.False(error.IsTransient);
    }
}
