using CcBt.Core.Interop.ExternalClients;
using CcBt.Core.Interop.Payloads;

namespace CcBt.Core.Interop.Matrix;

/// <summary>A peer that sends wrong blocks is found out, and costs nothing but its own share.</summary>
public sealed class CorruptPeerTests
{
    [RealClientTheory(RealClient.LibTorrent)]
    [InlineData(100)]
    [InlineData(20)]
    public async Task The_file_is_right_in_the_end(int badPercent)
    {
        await using var lab = new Lab();
        var libtorrent = new LibTorrent(lab);
        Payload payload = Payload.SingleFile(lab.NewFolder("data"), "one.bin", 8 * (1 << 20));
        TestTorrent torrent = await libtorrent.CreateAsync(payload.Path, 1 << 17);
        CorruptPeer corrupt = await CorruptPeer.StartAsync(lab, torrent, payload.Path, badPercent);
        LibTorrentSession seeder = await libtorrent.OpenAsync();
        await seeder.SeedAsync(torrent, payload.Folder, uploadLimit: 1_000_000);
        string output = lab.NewFolder("out");
        OurClient ours = await OurClient.OpenAsync(lab);

        TorrentSession session = await ours.LeechAsync(torrent.Path, output, corrupt.Endpoint);
        await lab.UntilAsync(() => Task.FromResult(corrupt.WrongBlocks > 0), () => $"the corrupting peer was never asked: {session.Status}");
        session.AddPeers(OurClient.Peers(seeder.Endpoint));
        await ours.WaitUntilCompleteAsync(session);

        payload.AssertSameIn(output);
        Assert.True(session.Status.WastedBytes > 0, session.Status.ToString());
        Assert.DoesNotContain(session.Peers, p => p.EndPoint.Equals(corrupt.Endpoint.ToIPEndPoint()));
    }
}
