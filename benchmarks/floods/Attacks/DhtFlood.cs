using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CcBt.Core.Floods.Library;
using CcBt.Core.Floods.Peers;

namespace CcBt.Core.Floods.Attacks;

/// <summary>Queries to the library's DHT node, 5,000 a second, from one or many addresses, beside an honest node that asks four times a second.</summary>
internal sealed class DhtFlood(string name, IReadOnlyList<IPAddress> sources) : IFlood
{
    private const int FullPackets = 100_000;
    private const double PerSecond = 5_000;
    private const int AnswerBytesPerSecond = 8_000;
    private const int LocalAnswerBytesPerSecond = 1_000_000;
    private const int QueriesPerSource = 50;
    private static readonly TimeSpan HonestEvery = TimeSpan.FromMilliseconds(250);

    private readonly Times _honest = new();
    private int _honestAsked;
    private int _answers;
    private long _answerBytes;

    public string Name => name;

    public static IPAddress Private { get; } = TestAddresses.Private(100);

    public static IPAddress Global(int index) => TestAddresses.Global(100 + index);

    public async Task<FloodRow> RunAsync(FloodField field)
    {
        int packets = field.Options.Of(FullPackets);
        await field.OpenSeedingAsync(new LibrarySetup { EnableDht = true });
        TimeSpan sending = TimeSpan.Zero;
        FloodMeasure measure = await field.MeasureAsync(async () =>
        {
            using var ending = new CancellationTokenSource();
            Socket[] sockets = [.. sources.Select(s => Open(s, field.Library.Port))];
            Task[] readers = [HonestAsync(field, ending.Token), .. sockets.Select(s => ReadAsync(s, ending.Token))];
            sending = await SendAsync(sockets, packets);
            await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
            await ending.CancelAsync();
            await Task.WhenAll(readers);
            foreach (Socket socket in sockets)
                socket.Dispose();
        });
        bool isPrivate = sources[0].Equals(Private);
        int most = isPrivate ? LocalAnswerBytesPerSecond : AnswerBytesPerSecond;
        double bytesPerSecond = _answerBytes / (sending.TotalSeconds + 1);
        return measure.Row($"{name}: {packets:N0} queries, {packets / sending.TotalSeconds:N0} a second") with
        {
            AcceptMedian = _honest.At(0.5),
            Accept99 = _honest.At(0.99),
            Bound = $"{(isPrivate ? "1 MB/s for private sources, which have no limit of their own" : sources.Count == 1 ? "50 queries in 10 s from an address, then nothing for 5 minutes" : "8 kB/s of answers for all global sources")}: {_answers:N0} answers, {bytesPerSecond:N0} B/s; {measure.Cores * measure.Seconds * 1e6 / packets:0.0} µs of CPU a packet, upload included; the honest node was answered {_honest.Count} of {_honestAsked} times",
            Goals =
            [
                new(isPrivate ? "answers <= 1 MB/s" : "answers <= 8 kB/s", bytesPerSecond <= most * 1.1),
                .. sources.Count == 1 && !isPrivate ? [new FloodGoal("block after 5 a second", _answers <= QueriesPerSource)] : Array.Empty<FloodGoal>(),
                new("good >= 90 %", measure.GoodDuring >= 0.9 * measure.GoodBefore && field.WrongBlocks == 0),
            ],
        };
    }

    private static Socket Open(IPAddress source, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(source, 0));
        socket.Connect(new IPEndPoint(TestAddresses.LibraryFor(source), port));
        return socket;
    }

    private static async Task<TimeSpan> SendAsync(Socket[] sockets, int packets)
    {
        long began = Stopwatch.GetTimestamp();
        var pace = new Pace(PerSecond);
        for (int i = 0; i < packets; i++)
        {
            while (!pace.TryTake(1))
                await Task.Delay(1, CancellationToken.None);
            sockets[i % sockets.Length].Send(Query(i));
        }
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task ReadAsync(Socket socket, CancellationToken ct)
    {
        var buffer = new byte[2048];
        while (await ReceiveAsync(socket, buffer, ct) is var length and > 0)
        {
            // The library's own pings are no answers.
            if (buffer.AsSpan(0, length).IndexOf("1:y1:q"u8) >= 0)
                continue;
            Interlocked.Increment(ref _answers);
            Interlocked.Add(ref _answerBytes, length);
        }
    }

    private async Task HonestAsync(FloodField field, CancellationToken ct)
    {
        using Socket socket = Open(sources[0].Equals(Private) ? TestAddresses.Private(50) : TestAddresses.Global(50), field.Library.Port);
        var buffer = new byte[2048];
        for (int i = 0; !ct.IsCancellationRequested; i++)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(HonestEvery);
            long began = Stopwatch.GetTimestamp();
            _honestAsked++;
            socket.Send(Query(-1 - i));
            int length;
            while ((length = await ReceiveAsync(socket, buffer, patience.Token)) > 0 && buffer.AsSpan(0, length).IndexOf("1:y1:r"u8) < 0)
            {
            }
            if (length > 0)
                _honest.Add(Stopwatch.GetElapsedTime(began));
            await Task.Delay(HonestEvery, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<int> ReceiveAsync(Socket socket, byte[] buffer, CancellationToken ct)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, ct);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            return 0;
        }
    }

    private static byte[] Query(int index)
    {
        string id = $"{index:D20}", target = $"{index * 7919:D20}";
        return Encoding.ASCII.GetBytes($"d1:ad2:id20:{id[^20..]}6:target20:{target[^20..]}e1:q9:find_node1:t4:{index & 0xFFFF:x4}1:y1:qe");
    }
}
