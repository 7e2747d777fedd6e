using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

public sealed class DiskPathTests
{
    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/..")]
    [InlineData("a/./b")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\0b")]
    public void Paths_that_do_not_stay_below_the_root_are_refused(string relative)
    {
        var error = Assert.Throws<TorrentStorageException>(() => DiskPath.Create("/tmp/root", relative));
        Assert.Equal(TorrentErrorCode.PathRefused, error.Code);
        Assert.False(error.IsTransient);
    }

    [Theory]
    [InlineData("/tmp/root", "a/b.bin")]
    [InlineData("/tmp/root/", "a/b.bin")]
    [InlineData("/tmp/x/../root", "a/b.bin")]
    public void Others_are_joined(string root, string relative)
    {
        DiskPath path = DiskPath.Create(root, relative);
        Assert.Equal(System.IO.Path.Combine(System.IO.Path.GetFullPath("/tmp/root"), "a", "b.bin"), path.Full);
        Assert.Equal("a", path.Parent.Relative);
        Assert.True(path.Parent.Parent.IsRoot);
        Assert.Equal(path.Parent.Parent, path.Parent.Parent.Parent);
    }

    [Fact]
    public void Names_with_dots_and_a_volume_as_root_are_fine()
    {
        Assert.Equal("...", DiskPath.Create("/", "...").Relative);
        Assert.Equal("..a/b..", DiskPath.Create("/", "..a/b..").Relative);
    }
}
