using System.Net;
using System.Net.Sockets;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults.Soak;

/// <summary>One of several hands that do things to a client at the same time. Each act has to end, and may fail in the ways that are documented only.</summary>
internal sealed class SoakHand(SoakField field, int seed, Findings findings)
{
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(2);

    private readonly Random _random = new(seed);

    /// <summary>Acts while it may; returns how often it did.</summary>
    public async Task<long> PlayAsync(Func<bool> mayGoOn)
    {
        long acts = 0;
        while (mayGoOn())
        {
            (string name, Func<Task> act) = Choose();
            try
            {
                await act().WaitAsync(Lab.Patience);
            }
            catch (TimeoutException)
            {
                findings.Hung($"{name} did not end");
            }
            catch (Exception exception) when (exception is TorrentException or OperationCanceledException or ObjectDisposedException)
            {
                // Another hand was faster: the session or client is gone, is there already, or is being closed.
            }
            acts++;
            // About as many acts a second whatever else the machine does: with more of them more is remembered, and that would look like growth.
            await Task.Delay(_random.Next(20, 40));
        }
        return acts;
    }

    private (string Name, Func<Task> Act) Choose()
    {
        int index = _random.Next(field.Torrents.Count);
        int dice = _random.Next(1000);
        return dice switch
        {
            < 300 => ("add", () => StartNewAsync(index, isMagnet: _random.Next(4) == 0)),
            < 400 => ("start", () => OnAsync(index, StartAsync)),
            < 480 => ("pause", () => OnAsync(index, static s => s.PauseAsync())),
            < 620 => ("remove", () => OnAsync(index, s => s.RemoveAsync(deleteFiles: _random.Next(2) == 0))),
            < 680 => ("choose files", () => OnAsync(index, s => s.SelectFilesAsync(_ => _random.Next(2) == 0))),
            < 760 => ("cancel a start", () => OnAsync(index, CancelStartAsync)),
            < 800 => ("wait", () => OnAsync(index, WaitABitAsync)),
            < 860 => ("name peers", () => OnAsync(index, s => Task.FromResult(s.AddPeers([field.Seeder, new IPEndPoint(new IPAddress(_random.NextInt64(1L << 24) << 8 | 127), _random.Next(1, 65536))])))),
            < 900 => ("look for peers", () => FindAsync(index)),
            < 997 => ("garbage", SendGarbageAsync),
            _ => ("restart", () => field.RestartAsync(findings)),
        };
    }

    private async Task StartNewAsync(int index, bool isMagnet)
    {
        TorrentSession session = await field.AddAsync(index, isMagnet);
        // A start that another hand paused goes on when somebody resumes it, which perhaps nobody does.
        using var cancel = new CancellationTokenSource(MostPatience);
        await session.StartAsync(cancel.Token);
    }

    private static async Task StartAsync(TorrentSession session)
    {
        using var cancel = new CancellationTokenSource(MostPatience);
        await session.StartAsync(cancel.Token);
    }

    private Task OnAsync(int index, Func<TorrentSession, Task> act)
    {
        InfoHash hash = field.Torrents[index].SwarmHash;
        TorrentSession? session = field.Client.Sessions.FirstOrDefault(s => s.InfoHash == hash);
        return session is null ? Task.CompletedTask : act(session);
    }

    private async Task CancelStartAsync(TorrentSession session)
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(_random.Next(5)));
        await session.StartAsync(cancel.Token);
    }

    private async Task WaitABitAsync(TorrentSession session)
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(_random.Next(200)));
        await session.WaitForCompletionAsync(cancel.Token);
    }

    private async Task FindAsync(int index)
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(_random.Next(300)));
        await foreach (IReadOnlyList<IPEndPoint> _ in field.Client.FindPeersAsync(field.Torrents[index].SwarmHash, cancel.Token))
        {
            // What is found reaches sessions by itself; here only the look-up counts.
        }
    }

    /// <summary>A stranger: garbage, the beginning of a handshake, or a whole one and garbage after it; ended or reset.</summary>
    private async Task SendGarbageAsync()
    {
        IPEndPoint[] ends = [.. field.Client.ListenEndPoints, field.Seeder];
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(ends[_random.Next(ends.Length)]);
            byte[] bytes = new byte[_random.Next(1, 400)];
            _random.NextBytes(bytes);
            byte[] handshake = [19, .. "BitTorrent protocol"u8, 0, 0, 0, 0, 0, 16, 0, 5, .. field.Torrents[_random.Next(field.Torrents.Count)].SwarmHash.ToArray(), .. new byte[20]];
            int taken = _random.Next(3) switch { 0 => 0, 1 => _random.Next(handshake.Length), _ => handshake.Length };
            handshake.AsSpan(0, Math.Min(taken, bytes.Length)).CopyTo(bytes);
            await socket.SendAsync(bytes);
            socket.LingerState = new LingerOption(_random.Next(2) == 0, 0);
        }
        catch (SocketException)
        {
            // The listener is being restarted, or has closed already.
        }
    }
}
