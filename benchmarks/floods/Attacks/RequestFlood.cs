using CcBt.Core.Floods.Library;
using CcBt.Core.Floods.Peers;

namespace CcBt.Core.Floods.Attacks;

/// <summary>
/// Peers that are served and ask for far more than they take: greedy ones for 10,000 blocks at once, of which they read a MiB a second, deaf ones without
/// end and without reading, rude ones for what is not there. They come again, a second later, when they are cut.
/// </summary>
internal sealed class RequestFlood : IFlood
{
    private const int Greedy = 3;
    private const int Deaf = 2;
    private const int Rude = 2;
    private const int Batch = 10_000;
    private const int SlowBytesPerSecond = 1 << 20;
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly byte[] _valid = Requests(pieces: 256);
    private readonly byte[] _invalid = Requests(pieces: 1_000_000, first: 1_000);
    private long _requests;
    private long _pieces;
    private long _rejects;
    private long _asked;
    private int _cut;

    public string Name => "requests";

    public async Task<FloodRow> RunAsync(FloodField field)
    {
        await field.OpenSeedingAsync(new LibrarySetup());
        int held = 0;
        FloodMeasure measure = await field.MeasureAsync(async () =>
        {
            using var ending = new CancellationTokenSource(Lasting);
            Task[] attackers = [.. Enumerable.Range(0, Greedy + Deaf + Rude).Select(i => AttackAsync(field, i, ending.Token))];
            await Task.Delay(Lasting - TimeSpan.FromSeconds(2), CancellationToken.None);
            held = (await field.Library.StateAsync()).ConnectedPeers - 1;
            await Task.WhenAll(attackers);
        });
        ProcessUse after = await field.SettleAsync(measure.Before);
        return measure.Row($"requests: {Greedy} peers ask for 10,000 blocks at once and read 1 MiB/s, {Deaf} ask without end and read nothing, {Rude} ask for what is not there") with
        {
            Held = held,
            Closed = _cut,
            Bound = $"2,000 queued, then reject: of {_asked:N0} asked at once {_pieces:N0} were sent and {_rejects:N0} rejected so far; {_requests:N0} requests of the others in {measure.Seconds:0} s, who were cut; handles left over {after.Handles - measure.Before.Handles}",
            Goals =
            [
                new("2,000 queued, the rest rejected", _rejects + _pieces <= _asked && _rejects >= _asked - Greedy * 2_000 - _pieces && _rejects > 0),
                new("memory <= 8 MB a peer", measure.MemoryOverIdle <= 8 * (Greedy + Deaf + Rude)),
                new("good's bytes right", field.WrongBlocks == 0),
            ],
        };
    }

    private async Task AttackAsync(FloodField field, int index, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            using (PeerSocket? peer = await PeerSocket.ConnectAsync(TestAddresses.Global(100 + index), field.Library.Port, ct))
            {
                if (peer is not null && await peer.SendAsync((byte[])[.. PeerBytes.Handshake(field.Payload.InfoHash, 100 + index), .. PeerBytes.HaveNone, .. PeerBytes.Interested], ct)
                    && await peer.ReceiveAsync(new byte[PeerBytes.HandshakeLength], ct))
                    await FloodAsync(peer, index, ct);
            }
            if (!ct.IsCancellationRequested)
                Interlocked.Increment(ref _cut);
            await Task.Delay(Again, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FloodAsync(PeerSocket peer, int index, CancellationToken ct)
    {
        while (await peer.ReceiveMessageAsync(ct) is var (id, _) && id != PeerBytes.UnchokeId)
        {
        }
        if (index < Greedy)
        {
            Interlocked.Add(ref _asked, Batch);
            await peer.SendAsync(_valid, ct);
            await ReadAsync(peer, ct);
            return;
        }
        // A rude peer reads, so that it sees its end; a deaf one sees it when it can not send any more.
        bool isDeaf = index < Greedy + Deaf;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task end = isDeaf ? Task.CompletedTask : peer.WaitForEndAsync(over.Token);
        while ((isDeaf || !end.IsCompleted) && await peer.SendAsync(isDeaf ? _valid : _invalid, ct))
            Interlocked.Add(ref _requests, Batch);
        await over.CancelAsync();
        await end;
    }

    private async Task ReadAsync(PeerSocket peer, CancellationToken ct)
    {
        var pace = new Pace(SlowBytesPerSecond);
        while (await peer.ReceiveMessageAsync(ct) is var (id, body))
        {
            if (id == PeerBytes.PieceId)
                Interlocked.Increment(ref _pieces);
            else if (id == PeerBytes.RejectId)
                Interlocked.Increment(ref _rejects);
            while (!ct.IsCancellationRequested && !pace.TryTake(body.Length + 5))
                await Task.Delay(5, CancellationToken.None);
        }
    }

    private static byte[] Requests(int pieces, int first = 0)
    {
        var random = new Random(first);
        var bytes = new byte[Batch * 17];
        for (int i = 0; i < Batch; i++)
            PeerBytes.WriteRequest(bytes.AsSpan(i * 17), first + random.Next(pieces), random.Next(16) * PeerBytes.BlockLength, PeerBytes.BlockLength);
        return bytes;
    }
}
