using System.Collections.Concurrent;
using CcBt.Core.Metainfo;

namespace CcBt.Core.Storage;

/// <summary>
/// Hashes pieces that are on disk, on all cores. Each worker takes the next few megabytes of pieces, so the disk sees one
/// nearly sequential stream. Missing files and holes cost no read.
/// </summary>
internal sealed class PieceChecker(TorrentFiles files, IPieceVerifier verifier, PieceRange range, Func<bool> tryEnter, Action exit)
{
    private readonly DiskFileInfo[] _infos = new DiskFileInfo[files.Files.Count];
    private readonly bool[] _good = new bool[range.Count];
    private readonly ConcurrentDictionary<int, byte[]> _zeroDigests = new();
    private readonly object _reporting = new();
    private int _next;
    private long _done;

    /// <summary>Runs until all pieces are checked. Bytes done are reported in growing numbers, from any thread.</summary>
    public async Task<bool[]> RunAsync(IProgress<long>? progress, CancellationToken ct)
    {
        int step = Math.Max(1, Limits.BufferedPieceBytes / files.Layout.PieceLength);
        int workers = Math.Clamp((range.Count + step - 1) / step, 1, Math.Min(Environment.ProcessorCount, Limits.CheckThreads));
        LookAtFiles();
        var tasks = new Task[workers];
        for (int i = 0; i < workers; i++)
            tasks[i] = Task.Run(() => Work(step, progress, ct), ct);
        await Task.WhenAll(tasks).ConfigureAwait(false);
        return _good;
    }

    private void LookAtFiles()
    {
        // Only the files of the range: a check of one file of many must not look at all.
        int last = -1;
        for (int piece = range.First; piece < range.End; piece++)
        {
            foreach (FileSlice slice in files.Layout.Slices(piece))
            {
                if (slice.IsPadding || slice.File == last)
                    continue;
                last = slice.File;
                _infos[last] = InfoOf(last);
            }
        }
    }

    private DiskFileInfo InfoOf(int file)
    {
        try
        {
            return files.GetInfo(file);
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            return DiskFileInfo.Missing;
        }
    }

    private void Work(int step, IProgress<long>? progress, CancellationToken ct)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(Limits.CheckReadBytes);
        while (true)
        {
            int first = Interlocked.Add(ref _next, step) - step;
            if (first >= range.Count)
                return;
            long bytes = 0;
            for (int i = first; i < Math.Min(first + step, range.Count); i++)
            {
                ct.ThrowIfCancellationRequested();
                _good[i] = CheckPiece(range.First + i, buffer);
                bytes += files.Layout.PieceSize(range.First + i);
            }
            lock (_reporting)
            {
                _done += bytes;
                progress?.Report(_done);
            }
        }
    }

    private bool CheckPiece(int piece, byte[] buffer)
    {
        // Entered for one piece at a time, so that closing and moving need not wait for the whole check.
        if (!tryEnter())
            throw new OperationCanceledException("The store was closed while it was being checked.");
        try
        {
            if (!CanBeGood(piece))
                return false;
            int size = files.Layout.PieceSize(piece);
            return IsHole(piece)
                ? verifier.HasDigest(piece, _zeroDigests.GetOrAdd(size, verifier.DigestOfZeros))
                : Hash(piece, size, buffer);
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            // A file that cannot be read has bad pieces; the check of the others goes on.
            return false;
        }
        finally
        {
            exit();
        }
    }

    private bool Hash(int piece, int size, byte[] buffer)
    {
        if (size <= buffer.Length)
            return files.TryRead(piece, 0, buffer.AsSpan(0, size), isGuarded: false, out _) && verifier.Verify(piece, buffer.AsSpan(0, size));
        using IPieceCheck check = verifier.Begin(piece);
        for (int at = 0; at < size; at += buffer.Length)
        {
            Span<byte> part = buffer.AsSpan(0, Math.Min(buffer.Length, size - at));
            if (!files.TryRead(piece, at, part, isGuarded: false, out _))
                return false;
            check.Append(part);
        }
        return check.Finish();
    }

    private bool CanBeGood(int piece)
    {
        foreach (FileSlice slice in files.Layout.Slices(piece))
        {
            if (slice.IsPadding)
                continue;
            bool isThere = files.RouteOf(slice.File) == FileRoute.Parts
                ? files.Parts.Contains(piece)
                : _infos[slice.File].Length >= slice.Offset + slice.Length;
            if (!isThere)
                return false;
        }
        return true;
    }

    private bool IsHole(int piece)
    {
        foreach (FileSlice slice in files.Layout.Slices(piece))
        {
            if (slice.IsPadding)
                continue;
            if (files.RouteOf(slice.File) == FileRoute.Parts)
                return false;
            using HandleLease lease = files.Rent(slice.File, DiskAccess.Read);
            if (lease.File.NextData(slice.Offset) < slice.Offset + slice.Length)
                return false;
        }
        return true;
    }
}
