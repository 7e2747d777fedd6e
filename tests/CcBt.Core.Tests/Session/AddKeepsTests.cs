using System.Diagnostics;
using System.Net;
using CcBt.Core.Session;
using CcBt.Core.Storage;
using CcBt.Core.Tests.Storage;
using CcBt.Core.Tests.Time;

namespace CcBt.Core.Tests.Session;

/// <summary>With a state directory, a torrent is on the disk when adding it returns.</summary>
public sealed class AddKeepsTests : IDisposable
{
    private static readonly MagnetLink Link = new(InfoHash.Parse(new string('c', 40)));

    private readonly TempDirectory _folder = new();

    private AddTorrentOptions Options => new() { SaveDirectory = _folder["files"] };

    private TorrentClientOptions ClientOptions => new()
    {
        ListenEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
        EnableDht = false,
        EnableLocalDiscovery = false,
        DhtRouters = [],
        StateDirectory = _folder["state"],
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_crash_right_behind_an_add_loses_nothing()
    {
        Torrent torrent = await TorrentCreator.CreateAsync(_folder.Write("files/a.bin", 100_000));
        await using TorrentClient first = await TorrentClient.OpenAsync(ClientOptions);
        await first.AddAsync(torrent, Options with { MaxConnections = 7 });
        Copy("state", "after-one");
        await first.AddAsync(Link, Options);
        Copy("state", "after-two");

        await using TorrentClient one = await TorrentClient.OpenAsync(ClientOptions with { StateDirectory = _folder["after-one"] });
        Assert.Equal(torrent.SwarmHash, Assert.Single(one.Sessions).InfoHash);
        Assert.Equal(torrent.Name, one.Sessions[0].Torrent!.Name);
        await using TorrentClient two = await TorrentClient.OpenAsync(ClientOptions with { StateDirectory = _folder["after-two"] });
        Assert.Equal(new HashSet<InfoHash> { torrent.SwarmHash, Link.SwarmHash }, two.Sessions.Select(static s => s.InfoHash).ToHashSet());
    }

    [Fact]
    public async Task Many_that_are_added_at_once_are_all_there()
    {
        await using TorrentClient first = await TorrentClient.OpenAsync(ClientOptions);
        MagnetLink[] links = [.. Enumerable.Range(0, 100).Select(static i => new MagnetLink(InfoHash.Parse(i.ToString("x40"))))];
        await Task.WhenAll(links.Select(l => first.AddAsync(l, Options)));
        Copy("state", "copy");
        await using TorrentClient second = await TorrentClient.OpenAsync(ClientOptions with { StateDirectory = _folder["copy"] });
        Assert.Equal(links.Select(static l => l.SwarmHash).ToHashSet(), second.Sessions.Select(static s => s.InfoHash).ToHashSet());
    }

    [Fact]
    public async Task A_state_disk_that_fails_is_told_and_adding_again_works_when_it_does()
    {
        var disk = new FaultyDisk(OperatingSystemDisk.Instance);
        await using ClientHost host = await ClientHost.OpenAsync(ClientOptions, disk, default);
        await (await AddAsync(host)).DisposeAsync();
        string state = Directory.GetFiles(_folder["state/sessions"], "*.state").Single();
        byte[] former = File.ReadAllBytes(state);

        disk.Restart();
        (disk.FailAt, disk.StaysBroken) = (1, true);
        TorrentStorageException error = await Assert.ThrowsAsync<TorrentStorageException>(() => AddAsync(host));
        Assert.Equal(TorrentErrorCode.StorageFailure, error.Code);
        Assert.Empty(host.Sessions);
        Assert.Equal(former, File.ReadAllBytes(state));

        disk.Restart();
        TorrentSession session = await AddAsync(host);
        Assert.Same(session, Assert.Single(host.Sessions));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_state_disk_that_hangs_is_not_waited_for_without_end(bool cancels)
    {
        var time = new ManualTimeProvider();
        var disk = new GatedDisk(OperatingSystemDisk.Instance);
        await using ClientHost host = await ClientHost.OpenAsync(ClientOptions with { TimeProvider = time }, disk, default);
        using var cancellation = new CancellationTokenSource();
        disk.Shut();
        Task adding = AddAsync(host, cancellation.Token);
        await disk.Waiting.WaitAsync();
        Assert.False(adding.IsCompleted);
        if (cancels)
            await cancellation.CancelAsync();
        var watch = Stopwatch.StartNew();
        while (!adding.IsCompleted && watch.Elapsed < LoopbackSwarm.Patience)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        if (cancels)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adding);
        else
            Assert.Equal((TorrentErrorCode.TimedOut, true), (await Assert.ThrowsAsync<TorrentStorageException>(() => adding)) is var e ? (e.Code, e.IsTransient) : default);
        Assert.Empty(host.Sessions);
        disk.Open();
        Assert.Equal(Link.SwarmHash, (await AddAsync(host)).InfoHash);
    }

    [Fact]
    public async Task Closing_the_client_ends_a_removal_that_hangs_and_an_add_that_waits_for_it()
    {
        var time = new ManualTimeProvider();
        var disk = new GatedDisk(OperatingSystemDisk.Instance);
        // The DHT's tables are saved behind what hangs.
        await using ClientHost host = await ClientHost.OpenAsync(ClientOptions with { TimeProvider = time, EnableDht = true }, disk, default);
        TorrentSession session = await AddAsync(host);
        disk.Shut();
        Task removing = session.RemoveAsync(deleteFiles: false);
        await disk.Waiting.WaitAsync();
        Task adding = AddAsync(host);
        Task closing = host.DisposeAsync().AsTask();
        var watch = Stopwatch.StartNew();
        while (!(closing.IsCompleted && removing.IsCompleted && adding.IsCompleted) && watch.Elapsed < LoopbackSwarm.Patience)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.True(closing.IsCompletedSuccessfully);
        Assert.Equal(TorrentErrorCode.TimedOut, (await Assert.ThrowsAsync<TorrentStorageException>(() => removing)).Code);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => adding);
        disk.Break();
    }

    private Task<TorrentSession> AddAsync(ClientHost host, CancellationToken cancellationToken = default)
        => host.AddAsync(Link.SwarmHash, null, Link, Options, cancellationToken);

    private void Copy(string from, string to)
    {
        foreach (string path in Directory.GetFiles(_folder[from], "*", SearchOption.AllDirectories).Where(static p => Path.GetFileName(p) != "lock"))
        {
            string target = Path.Combine(_folder[to], Path.GetRelativePath(_folder[from], path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }
}
