using System.Diagnostics;
using CcBt.Core.Floods.Library;
using CcBt.Core.Floods.Peers;

namespace CcBt.Core.Floods.Attacks;

/// <summary>Connections with a right handshake, each from a global address of its own, that want to stay.</summary>
internal sealed class ConnectionFlood(string name, bool isPaced) : IFlood
{
    private const int FullCount = 10_000;
    private const int FirstAddress = 100;
    private const int MostConnections = 100;
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MostAftermath = TimeSpan.FromSeconds(15);

    private readonly Times _answers = new();
    private readonly Times _ends = new();
    private readonly TaskCompletionSource _allAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _closed;
    private int _open;
    private int _unanswered;
    private int _expected;
    private double _perSecond;

    public string Name => name;

    public async Task<FloodRow> RunAsync(FloodField field)
    {
        int count = _expected = field.Options.Of(FullCount);
        await field.OpenSeedingAsync(new LibrarySetup());
        int held = 0, connected = 0;
        FloodMeasure measure = await field.MeasureAsync(async () =>
        {
            using var ending = new CancellationTokenSource();
            Task[] attackers = await BeginAsync(field, count, ending.Token);
            // Who found the system's queue full comes again by itself, seconds later.
            await Task.WhenAll(Task.WhenAny(_allAnswered.Task, Task.Delay(MostAftermath)), Task.Delay(Aftermath));
            held = _open;
            connected = (await field.Library.StateAsync()).ConnectedPeers;
            await ending.CancelAsync();
            await Task.WhenAll(attackers);
        });
        ProcessUse after = await field.SettleAsync(measure.Before);
        return measure.Row($"{name}: {count:N0} connections, {(isPaced ? "" : "as fast as they go, ")}{_perSecond:N0} a second") with
        {
            AcceptMedian = _answers.At(0.5),
            Accept99 = _answers.At(0.99),
            Held = held,
            Closed = _closed,
            Bound = $"100 connections a torrent: {connected} held with the good one, the rest closed {_ends.At(0.5):0.0} / {_ends.At(0.99):0.0} ms (p50 / p99) after they came; {_unanswered} not answered; handles left over {after.Handles - measure.Before.Handles}",
            Goals =
            [
                new("limit kept", held < MostConnections && (_unanswered == 0 || !isPaced)),
                .. isPaced ? [new FloodGoal("accept p99 < 50 ms", _answers.At(0.99) < 50)] : Array.Empty<FloodGoal>(),
                new("memory <= 100 MB", measure.MemoryOverIdle <= 100),
                new("good >= 90 %", measure.GoodDuring >= 0.9 * measure.GoodBefore && field.WrongBlocks == 0),
            ],
        };
    }

    // Threads of their own connect: ten thousand beginnings in the queue of the thread pool would hold up the good peer, which lives in this process, and not the library.
    private async Task<Task[]> BeginAsync(FloodField field, int count, CancellationToken ct)
    {
        var attackers = new Task[count];
        long began = Stopwatch.GetTimestamp();
        int threads = isPaced ? 1 : Environment.ProcessorCount;
        await Task.WhenAll(Enumerable.Range(0, threads).Select(first => Task.Factory.StartNew(() =>
        {
            var pace = new Pace(isPaced && field.Options.ConnectionsPerSecond > 0 ? field.Options.ConnectionsPerSecond : double.MaxValue);
            for (int i = first; i < count; i += threads)
            {
                while (!pace.TryTake(1))
                    Thread.Sleep(1);
                attackers[i] = AttackAsync(field, i, ct);
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        _perSecond = count / Stopwatch.GetElapsedTime(began).TotalSeconds;
        return attackers;
    }

    private async Task AttackAsync(FloodField field, int index, CancellationToken ct)
    {
        long began = Stopwatch.GetTimestamp();
        using PeerSocket? peer = await PeerSocket.ConnectAsync(TestAddresses.Global(FirstAddress + index), field.Library.Port, ct);
        if (peer is null || !await peer.SendAsync(PeerBytes.Handshake(field.Payload.InfoHash, FirstAddress + index), ct))
        {
            Interlocked.Increment(ref _unanswered);
            return;
        }
        bool isOpen = await peer.ReceiveSomeAsync(new byte[256], ct) > 0;
        _answers.Add(Stopwatch.GetElapsedTime(began));
        if (_answers.Count == _expected)
            _allAnswered.TrySetResult();
        if (isOpen)
        {
            Interlocked.Increment(ref _open);
            if (!await peer.WaitForEndAsync(ct))
                return;
            Interlocked.Decrement(ref _open);
        }
        _ends.Add(Stopwatch.GetElapsedTime(began));
        Interlocked.Increment(ref _closed);
    }
}
