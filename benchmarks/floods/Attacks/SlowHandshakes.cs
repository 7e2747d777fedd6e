using System.Diagnostics;
using CcBt.Core.Floods.Library;
using CcBt.Core.Floods.Peers;

namespace CcBt.Core.Floods.Attacks;

/// <summary>Sockets that send a byte of their handshake every nine seconds, each from an address of its own, two from a network.</summary>
/// <param name="name">The flood's name.</param>
/// <param name="comesAgain">Whether one that is cut connects anew a second later.</param>
internal sealed class SlowHandshakes(string name, bool comesAgain) : IFlood
{
    private const int FullCount = 1_000;
    private const int AddressesBetween = 128;
    private const int HalfOpenMost = 100;
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan ByteEvery = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Times _cut = new();
    private int _open;
    private int _mostOpen;
    private int _tries;
    private int _unconnected;

    public string Name => name;

    public async Task<FloodRow> RunAsync(FloodField field)
    {
        int count = field.Options.Of(FullCount);
        await field.OpenSeedingAsync(new LibrarySetup());
        var newcomers = new Newcomers(field);
        int held = 0;
        FloodMeasure measure = await field.MeasureAsync(async () =>
        {
            using var ending = new CancellationTokenSource(Lasting);
            Task[] attackers = [newcomers.RunAsync(ending.Token), WatchAsync(field, ending.Token), .. Enumerable.Range(0, count).Select(i => AttackAsync(field, i, ending.Token))];
            await Task.Delay(Lasting - TimeSpan.FromSeconds(1), CancellationToken.None);
            held = _mostOpen;
            await Task.WhenAll(attackers);
        });
        ProcessUse after = await field.SettleAsync(measure.Before);
        return measure.Row($"{name}: {count:N0} sockets, 1 byte per 9 s{(comesAgain ? ", back a second after each cut" : "")}") with
        {
            MemoryPerSocket = measure.MemoryOverIdle * 1024 / count,
            AcceptMedian = newcomers.Answered.At(0.5),
            Accept99 = newcomers.Answered.At(0.99),
            Held = held,
            Closed = _cut.Count,
            Bound = $"100 half-open, then a newcomer takes the place of the oldest: most at once {held}, cut after {_cut.At(0.5) / 1000:0.00} / {_cut.At(1) / 1000:0.0} s (p50 / most), {_tries:N0} tries, {_unconnected} reset before they were connected; newcomers answered {newcomers.Answered.Count}, refused {newcomers.Refused}; handles left over {after.Handles - measure.Before.Handles}",
            Goals =
            [
                new("handshake cut at 10 s", _cut.At(1) is > 0 and < 12_000 && (comesAgain || _cut.Count == count)),
                new("100 half-open", held <= HalfOpenMost + 20),
                .. comesAgain ? [] : new FloodGoal[] { new("memory <= 20 KB a socket", measure.MemoryOverIdle * 1024 <= 20 * count) },
                new("good >= 95 %", measure.GoodDuring >= 0.95 * measure.GoodBefore && field.WrongBlocks == 0),
                new("newcomers let in >= 90 %", newcomers.Answered.Count >= 9 * newcomers.Refused),
            ],
        };
    }

    private async Task AttackAsync(FloodField field, int index, CancellationToken ct)
    {
        byte[] handshake = PeerBytes.Handshake(field.Payload.InfoHash, index);
        while (!ct.IsCancellationRequested)
        {
            bool wasConnected = false;
            using (PeerSocket? peer = await PeerSocket.ConnectAsync(TestAddresses.Global(100 + index * AddressesBetween), field.Library.Port, ct))
            {
                long began = Stopwatch.GetTimestamp();
                Interlocked.Increment(ref _tries);
                wasConnected = peer is not null;
                if (peer is null)
                    Interlocked.Increment(ref _unconnected);
                else if (await TrickleAsync(peer, handshake, ct))
                    _cut.Add(Stopwatch.GetElapsedTime(began));
            }
            // One that was turned away before it saw its connection has not been slow yet.
            if (wasConnected && !comesAgain)
                return;
            await Task.Delay(Again, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // True when the library ended the connection.
    private static async Task<bool> TrickleAsync(PeerSocket peer, byte[] handshake, CancellationToken ct)
    {
        Task<bool> end = peer.WaitForEndAsync(ct);
        for (int i = 0; i < handshake.Length && !end.IsCompleted; i++)
        {
            await peer.SendAsync(handshake.AsMemory(i, 1), ct);
            await Task.WhenAny(end, Task.Delay(ByteEvery, ct));
        }
        return await end;
    }

    // Sockets of the library beside those it had: half-open ones, and a newcomer or two.
    private async Task WatchAsync(FloodField field, CancellationToken ct)
    {
        int before = field.Library.Use().Sockets;
        while (!ct.IsCancellationRequested)
        {
            _open = field.Library.Use().Sockets - before;
            _mostOpen = Math.Max(_mostOpen, _open);
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
