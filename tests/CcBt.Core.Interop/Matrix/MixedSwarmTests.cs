using CcBt.Core.Interop.ExternalClients;
using CcBt.Core.Interop.Payloads;

namespace CcBt.Core.Interop.Matrix;

/// <summary>Five clients of four kinds that begin with one slow seeder and end complete.</summary>
public sealed class MixedSwarmTests
{
    [RealClientFact(RealClient.LibTorrent, RealClient.Transmission, RealClient.Aria2, RealClient.OpenTracker)]
    public async Task A_swarm_of_five_clients_finishes()
    {
        await using var lab = new Lab(120);
        var libtorrent = new LibTorrent(lab);
        Payload payload = Payload.Tree(lab.NewFolder("data"), "swarm", [("one.bin", 6_000_000), ("two/three.bin", 2_500_000)]);
        Endpoint endpoint = Endpoint.Next();
        TestTorrent torrent = await libtorrent.CreateAsync(payload.Path, 1 << 16, [$"http://{endpoint}/announce"]);
        await OpenTracker.StartAsync(lab, endpoint, torrent.InfoHash);
        await (await libtorrent.OpenAsync()).SeedAsync(torrent, payload.Folder, uploadLimit: 2_000_000);
        RealClient[] others = [RealClient.LibTorrent, RealClient.Transmission, RealClient.Aria2];
        string[] outputs = [.. others.Select(o => lab.NewFolder($"out-{o}"))];
        var completions = new List<Func<Task>>();
        for (int i = 0; i < others.Length; i++)
            completions.Add((await Seeding.LeechAsync(others[i], libtorrent, torrent, outputs[i])).Completion);
        string output = lab.NewFolder("out-ours");
        OurClient ours = await OurClient.OpenAsync(lab);

        TorrentSession session = await ours.LeechAsync(torrent.Path, output);
        await ours.WaitUntilCompleteAsync(session);
        foreach (Func<Task> completion in completions)
            await completion();

        payload.AssertSameIn(output);
        foreach (string folder in outputs)
            payload.AssertSameIn(folder);
        Assert.True(session.Status.UploadedBytes > 0, $"we gave nothing back: {session.Status}");
    }
}
