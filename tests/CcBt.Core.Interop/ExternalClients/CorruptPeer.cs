namespace CcBt.Core.Interop.ExternalClients;

/// <summary>corrupt_peer.py: a peer of our own that claims to have a single-file torrent and sends some blocks wrong.</summary>
internal sealed class CorruptPeer
{
    private readonly ChildProcess _process;

    private CorruptPeer(Endpoint endpoint, ChildProcess process)
    {
        Endpoint = endpoint;
        _process = process;
    }

    public Endpoint Endpoint { get; }

    /// <summary>How many wrong blocks it has sent.</summary>
    public int WrongBlocks => _process.Lines.Count(l => l.StartsWith("bad ", StringComparison.Ordinal));

    /// <summary>How many connections it has accepted.</summary>
    public int Connections => _process.Lines.Count(l => l.StartsWith("connection ", StringComparison.Ordinal));

    public static async Task<CorruptPeer> StartAsync(Lab lab, TestTorrent torrent, string file, int badPercent)
    {
        Endpoint endpoint = Endpoint.Next();
        ChildProcess process = lab.Start(Installed.Program(RealClient.LibTorrent),
        [
            Path.Combine(AppContext.BaseDirectory, "ExternalClients", "corrupt_peer.py"),
            endpoint.Address, $"{endpoint.Port}", torrent.InfoHash.ToString(), file, $"{torrent.PieceLength}", $"{badPercent}",
        ]);
        await process.WaitForLineAsync(l => l == "ready", lab.Token);
        return new CorruptPeer(endpoint, process);
    }
}
