namespace CcBt.Core.Interop.ExternalClients;

/// <summary>Starts any of the real clients as a seeder or leecher, where a test treats them alike.</summary>
internal static class Seeding
{
    /// <summary>Lets a client seed; gives where it listens.</summary>
    public static async Task<Endpoint> SeedAsync(RealClient client, LibTorrent libtorrent, TestTorrent torrent, string folder, PrivateDht? dht = null)
    {
        Lab lab = libtorrent.Lab;
        switch (client)
        {
            case RealClient.LibTorrent:
                LibTorrentSession session = dht is null ? await libtorrent.OpenAsync() : await dht.JoinAsync();
                LibTorrentDownload seed = await session.SeedAsync(torrent, folder);
                if (dht is not null)
                    await dht.WaitUntilFoundAsync(torrent.InfoHash, seed);
                return session.Endpoint;
            case RealClient.Transmission:
                Transmission transmission = await Transmission.StartAsync(lab, folder, dht?.Router);
                await transmission.WaitUntilCompleteAsync(await transmission.AddAsync(torrent.Path));
                return transmission.Endpoint;
            default:
                return (await Aria2.SeedAsync(lab, torrent, folder, dht?.Router)).Endpoint;
        }
    }

    /// <summary>Lets a client download a .torrent or magnet link; gives where it listens and the wait for its end.</summary>
    public static async Task<(Endpoint Endpoint, Func<Task> Completion)> LeechAsync(
        RealClient client, LibTorrent libtorrent, TestTorrent torrent, string folder, Endpoint? peer = null, PrivateDht? dht = null)
    {
        Lab lab = libtorrent.Lab;
        string source = dht is null ? torrent.Path : torrent.Magnet;
        switch (client)
        {
            case RealClient.LibTorrent:
                LibTorrentSession session = dht is null ? await libtorrent.OpenAsync() : await dht.JoinAsync();
                Endpoint[] peers = peer is null ? [] : [peer];
                LibTorrentDownload leech = dht is null
                    ? await session.LeechAsync(torrent, folder, peers)
                    : await session.LeechMagnetAsync(torrent.InfoHash, folder);
                if (dht is not null)
                    await leech.AnnounceAsync(dht: true);
                return (session.Endpoint, leech.WaitUntilCompleteAsync);
            case RealClient.Transmission:
                Transmission transmission = await Transmission.StartAsync(lab, folder, dht?.Router);
                int id = await transmission.AddAsync(source);
                return (transmission.Endpoint, () => transmission.WaitUntilCompleteAsync(id));
            default:
                Aria2 aria2 = await Aria2.LeechAsync(lab, source, folder, dht?.Router);
                return (aria2.Endpoint, aria2.WaitUntilCompleteAsync);
        }
    }
}
