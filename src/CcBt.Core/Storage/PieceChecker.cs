using CcBt.Core.Metainfo;
using CcBt.Core.Wire;

namespace CcBt.Core.Storage;

/// <summary>
/// Hashes pieces that are on disk, on all cores, and on each of them several at a time where that is faster. Each worker takes the next few
/// megabytes of pieces, so the disk sees one nearly sequential stream. Missing files and holes cost no read.
/// </summary>
internal sealed class PieceChecker(FileLayout layout, CheckSource source, IPieceVerifier verifier, PieceRange range)
{
    private readonly bool[] _good = new bool[range.Count];
    private readonly object _reporting = new();
    private int _next;
    private long _done;

    /// <summary>Runs until all pieces are checked. Bytes done are reported in growing numbers, from any thread.</summary>
    public async Task<bool[]> RunAsync(IProgress<long>? progress, CancellationToken ct)
    {
        int threads = Math.Min(Environment.ProcessorCount, Limits.CheckThreads);
        IPieceLanes? first = NewLanes(threads);
        int step = Math.Max(first?.Count ?? 1, Limits.BufferedPieceBytes / layout.PieceLength);
        int workers = Math.Clamp((range.Count + step - 1) / step, 1, threads);
        source.LookAtFiles(range);
        var tasks = new Task[workers];
        for (int i = 0; i < workers; i++)
        {
            IPieceLanes? lanes = i == 0 ? first : NewLanes(threads);
            int most = lanes is null ? Limits.CheckReadBytes : Limits.CheckBytes / threads / lanes.Count / BlockAddress.Size * BlockAddress.Size;
            int run = Math.Min(layout.PieceLength, Math.Min(most, Limits.CheckReadBytes));
            var batch = new PieceBatch(layout, source, verifier, lanes, run, TimeProvider.System);
            tasks[i] = Task.Run(() => Work(batch, step, progress, ct), ct);
        }
        await Task.WhenAll(tasks).ConfigureAwait(false);
        return _good;
    }

    private IPieceLanes? NewLanes(int threads)
        => verifier.NewLanes() is { } lanes && layout.PieceLength % lanes.BlockBytes == 0 && range.Count >= Limits.CheckTurns * threads * lanes.Count
            ? lanes
            : null;

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
