using CcBt.Core.Metainfo;
using CcBt.Core.Wire;

namespace CcBt.Core.Storage;

/// <summary>
/// Hashes pieces that are on disk, on all cores, and on each of them several at a time where that is faster. Each worker takes the next few
/// megabytes of pieces, so the disk sees one nearly sequential stream. Missing files and holes cost no read.
/// </summary>
internal sealed class PieceChecker(FileLayout layout, CheckSource source, IPieceVerifier verifier, PieceRange range, LaneTurns turns)
{
    private readonly bool[] _good = new bool[range.Count];
    private readonly object _reporting = new();
    private int _next;
    private long _done;

    /// <summary>Runs until all pieces are checked. Bytes done are reported in growing numbers, from any thread.</summary>
    public async Task<bool[]> RunAsync(IProgress<long>? progress, CancellationToken ct)
    {
        int threads = Math.Min(Environment.ProcessorCount, Limits.CheckThreads);
        int lanes = LanesOf(threads);
        int step = Math.Max(lanes, Limits.BufferedPieceBytes / layout.PieceLength);
        int workers = Math.Clamp((range.Count + step - 1) / step, 1, threads);
        source.LookAtFiles(range);
        var tasks = new Task[workers];
        for (int i = 0; i < workers; i++)
            tasks[i] = Task.Run(() => WorkInTurn(lanes, threads, step, progress, ct), ct);
        await Task.WhenAll(tasks).ConfigureAwait(false);
        return _good;
    }

    /// <summary>How many pieces each thread hashes at a time, if it gets a turn.</summary>
    private int LanesOf(int threads)
        => verifier.NewLanes() is { } lanes && layout.PieceLength % lanes.BlockBytes == 0 && range.Count >= Limits.CheckTurns * threads * lanes.Count ? lanes.Count : 1;

    private void WorkInTurn(int lanes, int threads, int step, IProgress<long>? progress, CancellationToken ct)
    {
        bool hasTurn = lanes > 1 && turns.TryTake();
        try
        {
            int most = hasTurn ? Limits.CheckBytes / threads / lanes / BlockAddress.Size * BlockAddress.Size : Limits.CheckReadBytes;
            int run = Math.Min(layout.PieceLength, Math.Min(most, Limits.CheckReadBytes));
            Work(new PieceBatch(layout, source, verifier, hasTurn ? verifier.NewLanes() : null, run, TimeProvider.System), step, progress, ct);
        }
        finally
        {
            if (hasTurn)
                turns.Return();
        }
    }

    private void Work(PieceBatch batch, int step, IProgress<long>? progress, CancellationToken ct)
    {
        while (true)
        {
            int first = Interlocked.Add(ref _next, step) - step;
            if (first >= range.Count)
                return;
            int count = Math.Min(step, range.Count - first);
            batch.Check(range.First + first, _good.AsSpan(first, count), ct);
            long bytes = 0;
            for (int i = first; i < first + count; i++)
                bytes += layout.PieceSize(range.First + i);
            lock (_reporting)
            {
                _done += bytes;
                progress?.Report(_done);
            }
        }
    }
}
