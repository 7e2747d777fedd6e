using System.Net;
using System.Net.Sockets;
using CcBt.Core.Session;
using CcBt.Core.Storage;
using CcBt.Core.Tests.Session;
using CcBt.Core.Tests.Storage;

namespace CcBt.Core.Tests.Values;

/// <summary>Every code that programs can branch on is one that they can meet.</summary>
public sealed class ErrorCodeTests
{
    public static TheoryData<TorrentErrorCode> Codes => [.. Enum.GetValues<TorrentErrorCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_code_is_met(TorrentErrorCode code)
    {
        TorrentException error = await Assert.ThrowsAnyAsync<TorrentException>(() => Provoke(code));
        Assert.Equal(code, error.Code);
        Assert.NotEmpty(error.Place);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_address_is_named_and_may_be_free_later()
    {
        using TcpListener taken = Take();
        var error = await Assert.ThrowsAsync<TorrentNetworkException>(() => OpenAsync((IPEndPoint)taken.LocalEndpoint));
        Assert.Equal((taken.LocalEndpoint.ToString(), true), (error.Place, error.IsTransient));
    }

    [Fact]
    public async Task An_address_that_the_machine_does_not_have_is_named()
    {
        // 203.0.113.0/24 belongs to nobody (RFC 5737).
        var nobodys = new IPEndPoint(IPAddress.Parse("203.0.113.7"), 0);
        var error = await Assert.ThrowsAsync<TorrentNetworkException>(() => OpenAsync(nobodys));
        Assert.Equal((TorrentErrorCode.BindFailed, nobodys.ToString(), false), (error.Code, error.Place, error.IsTransient));
    }

    private static Task Provoke(TorrentErrorCode code) => code switch
    {
        TorrentErrorCode.Unknown => StartAsync(fail: new InvalidOperationException("Nobody foresaw this.")),
        TorrentErrorCode.InvalidBencode => Task.Run(() => Torrent.Parse("nonsense"u8.ToArray())),
        TorrentErrorCode.InvalidTorrent => Task.Run(() => Torrent.Parse("d4:infodee"u8.ToArray())),
        TorrentErrorCode.InvalidMagnet => Task.Run(() => MagnetLink.Parse("magnet:?dn=nothing")),
        TorrentErrorCode.UnsupportedTorrent => StartAsync(Torrent.Parse(Metainfo.Vectors.Read("single-v2"))),
        TorrentErrorCode.PathRefused => Task.Run(() => DiskPath.Create("/downloads", "../etc/passwd")),
        TorrentErrorCode.AccessDenied => StartAsync(fail: StorageErrors.From(new UnauthorizedAccessException(), "/downloads")),
        TorrentErrorCode.DiskFull => StartAsync(fail: StorageErrors.From(new IOException("no space", 28), "/downloads")),
        TorrentErrorCode.StorageFailure => Torrent.LoadAsync(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())),
        TorrentErrorCode.BindFailed => OpenTakenAsync(),
        TorrentErrorCode.TimedOut => StartAsync(hangs: true),
        TorrentErrorCode.WrongState => ChooseTooEarlyAsync(),
        TorrentErrorCode.Duplicate => AddTwiceAsync(),
        _ => throw new NotSupportedException($"Say here how a program meets {code}."),
    };

    private static Task StartAsync(Torrent? torrent = null, Exception? fail = null, bool hangs = false)
    {
        var client = new CoreHarness();
        client.Edges.OpensFiles = fail is null && !hangs;
        SessionFront front = client.Add(torrent);
        Task start = client.Start(front);
        if (fail is not null)
            client.Edges.FailFiles(fail);
        client.Advance(hangs ? 40 : 0);
        return start;
    }

    private static async Task ChooseTooEarlyAsync()
    {
        var client = new CoreHarness();
        Task chosen = client.AddMagnet(CoreHarness.PlainTorrent).Handle.SelectFilesAsync(_ => true);
        client.Until(() => chosen.IsCompleted);
        await chosen;
    }

    private static async Task AddTwiceAsync()
    {
        await using var swarm = new LoopbackSwarm(1);
        TorrentClient client = await swarm.OpenClientAsync();
        var magnet = new MagnetLink(CoreHarness.PlainTorrent.SwarmHash);
        await client.AddAsync(magnet, new AddTorrentOptions { SaveDirectory = swarm.Folder });
        await client.AddAsync(magnet, new AddTorrentOptions { SaveDirectory = swarm.Folder });
    }

    private static async Task OpenTakenAsync()
    {
        using TcpListener taken = Take();
        await OpenAsync((IPEndPoint)taken.LocalEndpoint);
    }

    private static TcpListener Take()
    {
        var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        return taken;
    }

    private static async Task OpenAsync(IPEndPoint at)
    {
        await using TorrentClient client = await TorrentClient.OpenAsync(new TorrentClientOptions { ListenEndPoints = [at], EnableDht = false, EnableLocalDiscovery = false });
    }
}
