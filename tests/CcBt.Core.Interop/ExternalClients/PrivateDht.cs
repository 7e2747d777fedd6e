namespace CcBt.Core.Interop.ExternalClients;

/// <summary>A DHT of libtorrent nodes that all know each other.</summary>
internal sealed class PrivateDht
{
    private readonly LibTorrent _driver;
    private readonly LibTorrentSession[] _nodes;

    private PrivateDht(LibTorrent driver, LibTorrentSession[] nodes)
    {
        _driver = driver;
        _nodes = nodes;
    }

    /// <summary>A node to begin from.</summary>
    public Endpoint Router => _nodes[0].Endpoint;

    public IEnumerable<Endpoint> Nodes => _nodes.Select(n => n.Endpoint);

    public static async Task<PrivateDht> StartAsync(LibTorrent driver, int count = 24)
    {
        var nodes = new LibTorrentSession[count];
        for (int i = 0; i < count; i++)
            nodes[i] = await driver.OpenAsync(dht: true);
        foreach (LibTorrentSession node in nodes)
            await node.IntroduceAsync(nodes.Where(n => n != node).Select(n => n.Endpoint));
        int least = 0;
        await driver.Lab.UntilAsync(async () =>
        {
            least = int.MaxValue;
            foreach (LibTorrentSession node in nodes)
                least = Math.Min(least, await node.CountDhtNodesAsync());
            return least >= Math.Min(count - 1, 4);
        }, () => $"a DHT node knows only {least} others");
        return new PrivateDht(driver, nodes);
    }

    /// <summary>Opens a session that is part of this DHT.</summary>
    public async Task<LibTorrentSession> JoinAsync()
    {
        LibTorrentSession session = await _driver.OpenAsync(dht: true);
        await session.IntroduceAsync(Nodes);
        await _driver.Lab.UntilAsync(async () => await session.CountDhtNodesAsync() > 0, () => "the DHT does not answer a new session");
        return session;
    }

    /// <summary>Waits until a lookup from a node finds somebody who has the torrent.</summary>
    public Task WaitUntilFoundAsync(InfoHash infoHash, LibTorrentDownload? announcer = null)
        => _driver.Lab.UntilAsync(async () =>
        {
            if (announcer is not null)
                await announcer.AnnounceAsync(dht: true);
            return await _nodes[1].LookUpAsync(infoHash) > 0;
        }, () => $"nobody announces {infoHash} to the DHT");
}
