using CcBt.Core.Interop.ExternalClients;
using CcBt.Core.Interop.Payloads;

namespace CcBt.Core.Interop.Matrix;

/// <summary>A download that is stopped half-way goes on where it was.</summary>
public sealed class RestartTests
{
    private const int Length = 12 * (1 << 20);
    private const int PieceLength = 1 << 17;

    [RealClientFact(RealClient.LibTorrent)]
    public async Task A_stopped_download_fetches_only_the_pieces_in_flight_again()
    {
        await using var lab = new Lab(90);
        var libtorrent = new LibTorrent(lab);
        Payload payload = Payload.SingleFile(lab.NewFolder("data"), "one.bin", Length);
        TestTorrent torrent = await libtorrent.CreateAsync(payload.Path, PieceLength);
        LibTorrentSession seeder = await libtorrent.OpenAsync();
        LibTorrentDownload seed = await seeder.SeedAsync(torrent, payload.Folder, uploadLimit: 4_000_000);
        string output = lab.NewFolder("out"), state = lab.NewFolder("state");
        OurClient first = await OurClient.OpenAsync(lab, state: state);
        TorrentSession session = await first.LeechAsync(torrent.Path, output, seeder.Endpoint);
        await lab.UntilAsync(() => Task.FromResult(session.Status.VerifiedBytes >= Length / 2), () => $"never half-way: {session.Status}");
        await first.DisposeAsync();
        SessionStatus before = session.Status;
        long givenBefore = await UploadedAsync(seed);

        OurClient second = await OurClient.OpenAsync(lab, state: state);
        TorrentSession restored = Assert.Single(second.Client.Sessions);
        await restored.StartAsync(lab.Token);
        long verifiedAtStart = restored.Status.VerifiedBytes;
        restored.AddPeers(OurClient.Peers(seeder.Endpoint));
        await second.WaitUntilCompleteAsync(restored);

        payload.AssertSameIn(output);
        Assert.True(verifiedAtStart >= before.VerifiedBytes, $"verified {before.VerifiedBytes} before, {verifiedAtStart} after the restart");
        long fetchedAgain = await UploadedAsync(seed) - (Length - before.VerifiedBytes) - givenBefore;
        Assert.True(fetchedAgain <= 0, $"{fetchedAgain} bytes were fetched that a verified piece had already");
    }

    private static async Task<long> UploadedAsync(LibTorrentDownload seed) => (long)(await seed.StatusAsync())["uploaded"]!;
}
