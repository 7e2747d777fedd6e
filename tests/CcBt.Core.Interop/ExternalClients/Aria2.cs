namespace CcBt.Core.Interop.ExternalClients;

/// <summary>aria2c. It can not be given a peer: a tracker, the DHT or the peer itself must find it.</summary>
internal sealed class Aria2
{
    private readonly Lab _lab;
    private readonly ChildProcess _process;

    private Aria2(Lab lab, Endpoint endpoint, ChildProcess process)
    {
        _lab = lab;
        _process = process;
        Endpoint = endpoint;
    }

    public Endpoint Endpoint { get; }

    /// <summary>Downloads, and goes on seeding until the test ends.</summary>
    public static Task<Aria2> LeechAsync(Lab lab, string torrentOrMagnet, string folder, Endpoint? dhtRouter = null)
        => StartAsync(lab, torrentOrMagnet, folder, dhtRouter, "--check-integrity=false");

    /// <summary>Seeds data that is known to be complete.</summary>
    public static Task<Aria2> SeedAsync(Lab lab, TestTorrent torrent, string folder, Endpoint? dhtRouter = null)
        => StartAsync(lab, torrent.Path, folder, dhtRouter, "--bt-seed-unverified=true");

    /// <summary>Waits until the download is complete, as its hook reports it.</summary>
    public Task WaitUntilCompleteAsync()
        => _process.WaitForLineAsync(line => line.Contains("[COMPLETE]", StringComparison.Ordinal), _lab.Token);

    private static async Task<Aria2> StartAsync(Lab lab, string torrentOrMagnet, string folder, Endpoint? dhtRouter, string mode)
    {
        Endpoint endpoint = Endpoint.Next();
        string state = lab.NewFolder("aria2");
        string hook = Path.Combine(state, "complete.sh");
        await File.WriteAllTextAsync(hook, "#!/bin/sh\necho '[COMPLETE]'\n", lab.Token);
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // Its UDP trackers work only with its DHT on; without an entry point that DHT talks to nobody.
        string[] entry = dhtRouter is null ? [] : [$"--dht-entry-point={dhtRouter}"];
        ChildProcess process = lab.Start(Installed.Program(RealClient.Aria2),
        [
            "--no-conf", $"--dir={folder}", $"--interface={endpoint.Address}", $"--listen-port={endpoint.Port}", "--enable-dht6=false",
            "--enable-dht=true", $"--dht-listen-port={endpoint.Port}", $"--dht-file-path={Path.Combine(state, "dht.dat")}", "--bt-enable-lpd=false", "--file-allocation=none", "--allow-overwrite=true", "--follow-torrent=mem", "--seed-ratio=0.0", "--console-log-level=notice",
            "--show-console-readout=false", "--summary-interval=0", "--bt-stop-timeout=0", "--peer-id-prefix=A2-1-36-0-", $"--on-bt-download-complete={hook}", mode, .. entry, torrentOrMagnet,
        ]);
        await lab.UntilAsync(async () => process.HasEnded || await endpoint.AnswersAsync(lab.Token), () => process.Output);
        return process.HasEnded ? throw new InvalidOperationException(process.Output) : new Aria2(lab, endpoint, process);
    }
}
