using System.Net;
using CcBt.Core.Faults.Clients;

namespace CcBt.Core.Faults.Cancellation;

/// <summary>What a call works on: a client with state and perhaps a session, in folders of its own.</summary>
internal sealed class CancelScene(Lab lab, string name, IPEndPoint seeder, string router)
{
    public Lab Lab => lab;

    public string Folder => lab.FolderFor(name);

    public string State => lab.FolderFor(name + "-state");

    public TorrentClient? Client { get; set; }

    public TorrentSession? Session { get; set; }

    /// <summary>A session that came with a client of its own.</summary>
    public TorrentSession? Single { get; set; }

    public IPEndPoint Seeder => seeder;

    public AddTorrentOptions AddOptions => new() { SaveDirectory = Folder, Peers = [seeder] };

    public Task<TorrentClient> OpenAsync(CancellationToken cancellationToken)
        => TorrentClient.OpenAsync(Lab.Options() with { StateDirectory = State, EnableDht = true, DhtRouters = [router] }, cancellationToken);

    public async Task PrepareAsync(CancelCase of)
    {
        Directory.CreateDirectory(Folder);
        Client = await OpenAsync(CancellationToken.None);
        if (of.HasSession || !of.HasClient)
            Session = of.IsMagnet ? await Client.AddAsync(new MagnetLink(lab.Torrent.SwarmHash), AddOptions) : await Client.AddAsync(lab.Torrent, AddOptions);
        if (of.IsStarted)
            await Session!.StartAsync().WaitAsync(Lab.Patience);
        if (of.HasClient)
            return;
        await Client.DisposeAsync();
        Client = null;
    }
}
