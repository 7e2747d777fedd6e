using System.Diagnostics;
using CcBt.Core.Floods.Library;
using CcBt.Core.Floods.Peers;

namespace CcBt.Core.Floods.Attacks;

/// <summary>Connected peers that send a byte of one message every nine seconds.</summary>
/// <param name="name">The flood's name.</param>
/// <param name="message">What they send; longer than the flood lasts.</param>
/// <param name="first">How much of it they send at once.</param>
internal sealed class SlowMessages(string name, byte[] message, int first) : IFlood
{
    private const int FullCount = 1_000;
    private const int FirstAddress = 100;
    private const int BodyAtOnce = 1024 + 64;
    private const double Mebibyte = 1 << 20;
    private static readonly TimeSpan ByteEvery = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan Opening = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MostLasting = TimeSpan.FromSeconds(150);

    private readonly Times _cut = new();
    private int _held;

    /// <summary>A request, whose 17 bytes take 144 seconds.</summary>
    public static byte[] Header { get; } = [0, 0, 0, 13, PeerBytes.RequestId, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0];

    /// <summary>Peer exchange that claims 100 KiB, of which a KiB comes at once.</summary>
    public static byte[] Body { get; } = [0, 1, 144, 0, PeerBytes.ExtendedId, 1, .. new byte[BodyAtOnce]];

    public string Name => name;

    public async Task<FloodRow> RunAsync(FloodField field)
    {
        int count = field.Options.Of(FullCount);
        await field.OpenSeedingAsync(new LibrarySetup { MaxConnections = count + 100 });
        var newcomers = new Newcomers(field);
        int atOnce = 0;
        // A few that come and go first: compiled code is not memory of a slow socket.
        await Task.WhenAll(Enumerable.Range(count, Math.Max(1, count / 5)).Select(i => VisitAsync(field, i)));
        LibraryState before = await field.Library.StateAsync(collects: true), amid = before;
        FloodMeasure measure = await field.MeasureAsync(async () =>
        {
            using var ending = new CancellationTokenSource(MostLasting);
            Task visits = newcomers.RunAsync(ending.Token);
            Task attackers = Task.WhenAll(Enumerable.Range(0, count).Select(i => AttackAsync(field, i, count, ending.Token)));
            await Task.Delay(Opening * 2, CancellationToken.None);
            atOnce = _held;
            await Task.Delay(MostLasting / 2, CancellationToken.None);
            amid = await field.Library.StateAsync(collects: true);
            await attackers;
            await ending.CancelAsync();
            await visits;
        });
        ProcessUse after = await field.SettleAsync(measure.Before);
        return measure.Row($"{name}: {count:N0} peers, 1 byte per 9 s") with
        {
            MemoryPerSocket = atOnce == 0 ? null : measure.MemoryOverIdle * 1024 / atOnce,
            LivePerSocket = (amid.ManagedBytes - before.ManagedBytes) / 1024.0 / Math.Max(1, atOnce),
            AcceptMedian = newcomers.Answered.At(0.5),
            Accept99 = newcomers.Answered.At(0.99),
            Held = atOnce,
            Closed = _cut.Count,
            Bound = $"a message may take 120 s: cut after {_cut.At(0) / 1000:0.0} to {_cut.At(1) / 1000:0.0} s; managed heap committed {before.CommittedBytes / Mebibyte:0.0} MiB before, {amid.CommittedBytes / Mebibyte:0.0} amid it; newcomers answered {newcomers.Answered.Count}, refused {newcomers.Refused}; handles left over {after.Handles - measure.Before.Handles}",
            Goals =
            [
                new("all cut at 120 s", _cut.Count == count && _cut.At(0) > 110_000 && _cut.At(1) < 135_000),
                new("memory <= 20 KB a socket", measure.MemoryOverIdle * 1024 <= 20 * atOnce),
                new("good >= 95 %", measure.GoodDuring >= 0.95 * measure.GoodBefore && field.WrongBlocks == 0),
            ],
        };
    }

    private async Task VisitAsync(FloodField field, int index)
    {
        using PeerSocket? peer = await PeerSocket.ConnectAsync(TestAddresses.Global(FirstAddress + index), field.Library.Port, CancellationToken.None);
        if (peer is null || !await peer.SendAsync(PeerBytes.Handshake(field.Payload.InfoHash, FirstAddress + index), CancellationToken.None))
            return;
        await peer.ReceiveAsync(new byte[PeerBytes.HandshakeLength], CancellationToken.None);
        await peer.SendAsync(message.AsMemory(0, first), CancellationToken.None);
    }

    private async Task AttackAsync(FloodField field, int index, int count, CancellationToken ct)
    {
        await Task.Delay(Opening * index / count, CancellationToken.None);
        using PeerSocket? peer = await PeerSocket.ConnectAsync(TestAddresses.Global(FirstAddress + index), field.Library.Port, ct);
        if (peer is null || !await peer.SendAsync(PeerBytes.Handshake(field.Payload.InfoHash, FirstAddress + index), ct))
            return;
        // Its opening has to be read, or it might wait for that.
        await peer.ReceiveAsync(new byte[PeerBytes.HandshakeLength], ct);
        Interlocked.Increment(ref _held);
        Task<bool> end = peer.WaitForEndAsync(ct);
        long began = Stopwatch.GetTimestamp();
        await peer.SendAsync(message.AsMemory(0, first), ct);
        for (int i = first; i < message.Length && !end.IsCompleted; i++)
        {
            await Task.WhenAny(end, Task.Delay(ByteEvery, ct));
            await peer.SendAsync(message.AsMemory(i, 1), ct);
        }
        if (await end)
            _cut.Add(Stopwatch.GetElapsedTime(began));
        Interlocked.Decrement(ref _held);
    }
}
