using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;

namespace CcBt.Core.Tests.Session;

public sealed class TelemetryTests
{
    [Fact]
    public async Task A_download_moves_every_counter_that_it_should()
    {
        // The meter is the process's: other tests count too, so only what must be there can be said.
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "CcBt.Core")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => counted.AddOrUpdate(instrument.Name, value, (_, before) => before + value));
        listener.Start();
        await using var swarm = new LoopbackSwarm(1_000_000);
        Torrent torrent = await swarm.CreateTorrentAsync();
        (_, IPEndPoint seeder) = await swarm.SeedAsync(torrent);
        TorrentClient client = await swarm.OpenClientAsync();
        TorrentSession session = await client.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = swarm.FolderFor("leech"), Peers = [seeder] });

        await session.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        await session.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);

        Assert.True(counted["ccbt.pieces.verified"] >= torrent.PieceCount);
        Assert.All(new[] { "ccbt.starts", "ccbt.links.opened", "ccbt.peers.discovered" }, name => Assert.True(counted.GetValueOrDefault(name) >= 1, name));
    }
}
