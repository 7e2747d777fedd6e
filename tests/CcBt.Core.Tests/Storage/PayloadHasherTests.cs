using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

public sealed class PayloadHasherTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(2_999_999)]
    [InlineData(3_000_001)]
    [InlineData(5_000_000)]
    public async Task AFileThatChangesItsLengthIsAnError(int newLength)
    {
        using var directory = new TempDirectory();
        string path = directory.Write("a", 3_000_000);
        CcBt.Core.Storage.Payload payload = await CcBt.Core.Storage.Payload.ScanAsync(path, CancellationToken.None);
        directory.Write("a", newLength);
        TorrentStorageException error = await Assert.ThrowsAsync<TorrentStorageException>(() => new PayloadHasher(payload, 16_384, null).RunAsync(CancellationToken.None));
        Assert.Contains("changed its length", error.Message, StringComparison.Ordinal);
        Assert.Equal((path, true), (error.Place, error.IsTransient));
    }

    [Fact]
    public async Task AFileThatIsGoneIsAnErrorThatNamesIt()
    {
        using var directory = new TempDirectory();
        directory.Write("x/a", 100_000);
        string gone = directory.Write("x/b", 100_000);
        CcBt.Core.Storage.Payload payload = await CcBt.Core.Storage.Payload.ScanAsync(directory["x"], CancellationToken.None);
        File.Delete(gone);
        TorrentStorageException error = await Assert.ThrowsAsync<TorrentStorageException>(() => new PayloadHasher(payload, 16_384, null).RunAsync(CancellationToken.None));
        Assert.Equal(gone, error.Place);
    }
}
