using System.Collections.Concurrent;
using CcBt.Core.Metainfo;

namespace CcBt.Core.Storage;

/// <summary>
/// What a check sees of the pieces on disk. It is inside the store for one look or read at a time, so that closing and moving need not wait
/// for the whole check. Thread-safe once it has looked at the files.
/// </summary>
internal sealed class CheckSource(TorrentFiles files, IPieceVerifier verifier, Func<bool> tryEnter, Action exit)
{
    private readonly DiskFileInfo[] _infos = new DiskFileInfo[files.Files.Count];
    private readonly ConcurrentDictionary<int, byte[]> _zeroDigests = new();

    /// <summary>Looks at the files of the range only: a check of one file of many must not look at all.</summary>
    public void LookAtFiles(PieceRange range)
    {
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

    /// <summary>Whether a piece is good as far as that can be told without reading it; null when it must be read.</summary>
    public bool? Judge(int piece)
    {
        Enter();
        try
        {
            if (!CanBeGood(piece))
                return false;
            return IsHole(piece) ? verifier.HasDigest(piece, _zeroDigests.GetOrAdd(files.Layout.PieceSize(piece), verifier.DigestOfZeros)) : null;
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

    /// <summary>Reads bytes of a piece; false when they cannot be read, which is as if they were wrong.</summary>
    public bool TryRead(int piece, int begin, Span<byte> destination)
    {
        Enter();
        try
        {
            return files.TryRead(piece, begin, destination, isGuarded: false, out _);
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            return false;
        }
        finally
        {
            exit();
        }
    }

    private void Enter()
    {
        if (!tryEnter())
            throw new OperationCanceledException("The store was closed while it was being checked.");
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
