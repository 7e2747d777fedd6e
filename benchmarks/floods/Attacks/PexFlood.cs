using System.Net;
using System.Net.Sockets;
using CcBt.Core.Floods.Library;
using CcBt.Core.Floods.Peers;

namespace CcBt.Core.Floods.Attacks;

/// <summary>Peers that name fifty new addresses to a downloader fifty times a second, and come again, a second later, when they are cut.</summary>
internal sealed class PexFlood : IFlood
{
    private const int FullCount = 50;
    private const int AddressesNamed = 50;
    private const int FirstNamed = 65_536;
    private const int MostKnown = 3_000;
    private const int MostDials = 30;
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MessageEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Times _perVisit = new();
    private int _named;
    private int _messages;
    private int _dials;

    public string Name => "pex";

    public async Task<FloodRow> RunAsync(FloodField field)
    {
        int count = field.Options.Of(FullCount);
        await field.OpenLeechingAsync();
        int known = 0, held = 0;
        FloodMeasure measure = await field.MeasureAsync(async () =>
        {
            using var named = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            // Every address of the network is local, so this is where each named one leads.
            named.Bind(new IPEndPoint(IPAddress.Any, 0));
            named.Listen(128);
            using var ending = new CancellationTokenSource(Lasting);
            int port = ((IPEndPoint)named.LocalEndPoint!).Port;
            Task[] attackers = [CountDialsAsync(named, ending.Token), .. Enumerable.Range(0, count).Select(i => AttackAsync(field, i, port, ending.Token))];
            await Task.Delay(Lasting - TimeSpan.FromSeconds(2), CancellationToken.None);
            LibraryState state = await field.Library.StateAsync();
            (known, held) = (state.KnownPeers, state.ConnectedPeers - 1);
            await Task.WhenAll(attackers);
        });
        ProcessUse after = await field.SettleAsync(measure.Before);
        double dialsPerSecond = _dials / Lasting.TotalSeconds;
        return measure.Row($"pex: {count:N0} peers, {AddressesNamed} addresses every {MessageEvery.TotalMilliseconds} ms, the library downloads") with
        {
            Held = held,
            Closed = _perVisit.Count,
            Bound = $"1 message per 60 s, the sixth early one ends the link: {_messages:N0} messages, at most {_perVisit.At(1):0} sent before the cut was seen; {_named:N0} addresses named, {known:N0} known (3,000 at most, half by exchange alone); {dialsPerSecond:0.0} dials/s (30 at most); handles left over {after.Handles - measure.Before.Handles}",
            Goals =
            [
                new("flooders dropped", _perVisit.Count >= count),
                new("known peers bounded", known <= MostKnown),
                new("dials <= 30/s", dialsPerSecond <= MostDials + 1),
                new("good >= 90 %", measure.GoodDuring >= 0.9 * measure.GoodBefore),
            ],
        };
    }

    private async Task AttackAsync(FloodField field, int index, int port, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            using (PeerSocket? peer = await PeerSocket.ConnectAsync(TestAddresses.Global(100 + index), field.Library.Port, ct))
            {
                if (peer is not null && await peer.SendAsync((byte[])[.. PeerBytes.Handshake(field.Payload.InfoHash, 100 + index), .. PeerBytes.HaveNone, .. PeerBytes.ExtensionHandshake], ct)
                    && await peer.ReceiveAsync(new byte[PeerBytes.HandshakeLength], ct))
                    await FloodAsync(peer, port, ct);
            }
            await Task.Delay(Again, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FloodAsync(PeerSocket peer, int port, CancellationToken ct)
    {
        byte pexId = await PexIdAsync(peer, ct);
        Task<bool> end = peer.WaitForEndAsync(ct);
        int sent = 0;
        while (!end.IsCompleted && await peer.SendAsync(PeerBytes.Pex(pexId, NextAddresses(port)), ct))
        {
            sent++;
            Interlocked.Increment(ref _messages);
            await Task.WhenAny(end, Task.Delay(MessageEvery, CancellationToken.None));
        }
        if (await end)
            _perVisit.Add(TimeSpan.FromMilliseconds(sent));
    }

    // The library's extension handshake says d1:md...6:ut_pexi<number>e...
    private static async Task<byte> PexIdAsync(PeerSocket peer, CancellationToken ct)
    {
        while (await peer.ReceiveMessageAsync(ct) is var (id, body))
        {
            if (id != PeerBytes.ExtendedId || body[0] != 0)
                continue;
            int at = body.AsSpan().IndexOf("6:ut_pexi"u8);
            return at < 0 ? (byte)0 : (byte)(body[at + 9] - '0');
        }
        return 0;
    }

    private IPEndPoint[] NextAddresses(int port)
    {
        int first = Interlocked.Add(ref _named, AddressesNamed) - AddressesNamed;
        return [.. Enumerable.Range(first, AddressesNamed).Select(i => new IPEndPoint(TestAddresses.Global(FirstNamed + i % 65_000), port))];
    }

    private async Task CountDialsAsync(Socket listener, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                (await listener.AcceptAsync(ct)).Dispose();
                _dials++;
            }
        }
        catch (OperationCanceledException)
        {
            // The flood is over.
        }
    }
}
