using CcBt.Core.Metainfo;

namespace CcBt.Core.Storage;

/// <summary>
/// Decides which files exist under their own path. Whoever calls it has the store alone. When it fails half-way, every byte is
/// still where its route says, and calling again goes on.
/// </summary>
internal sealed class FileRouter(TorrentFiles files, IPieceVerifier verifier, bool isReadOnly)
{
    private readonly byte[] _record = new byte[BufferBytes];
    private readonly byte[] _current = new byte[BufferBytes];

    private static int BufferBytes => Limits.RunBytes / 4;

    /// <summary>At opening: unselected files that do not exist go to the parts file, and moves that a crash cut short are ended.</summary>
    public void Begin(IReadOnlyList<bool>? wanted)
    {
        if (files.GetInfo(PartsFile.Index).Exists)
            files.Parts.Load();
        if (!isReadOnly)
            Restore([.. files.Parts.Pieces().Where(IsRecordGood)], file => files.GetInfo(file).Exists);
        for (int file = 0; file < files.Files.Count; file++)
        {
            if (wanted is not null && !wanted[file] && !files.GetInfo(file).Exists)
                files.SetRoute(file, FileRoute.Parts);
        }
        if (isReadOnly)
            return;
        FreeUnused();
        CreateEmpty(wanted);
    }

    /// <summary>Moves what is now selected out of the parts file. Files that exist stay where they are.</summary>
    public void Apply(IReadOnlyList<bool>? wanted)
    {
        for (int file = 0; file < files.Files.Count; file++)
        {
            bool isWanted = wanted is null || wanted[file];
            if (isWanted && files.RouteOf(file) == FileRoute.Parts)
                MoveOut(file);
            else if (!isWanted && files.RouteOf(file) == FileRoute.Disk && !files.GetInfo(file).Exists)
                files.SetRoute(file, FileRoute.Parts);
        }
        FreeUnused();
        CreateEmpty(wanted);
    }

    private void MoveOut(int file)
    {
        PieceRange range = files.Layout.PiecesOf(file);
        int[] pieces = [.. files.Parts.Pieces().Where(range.Contains)];
        try
        {
            Restore(pieces, other => other == file);
            files.SetRoute(file, FileRoute.Disk);
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            // It did not exist before, and it is not selected until its bytes are there.
            files.CloseHandles();
            files.Disk.Delete(files.PathOf(file));
            throw;
        }
    }

    /// <summary>Brings what the records hold into the chosen files, writing only what differs, and makes it durable.</summary>
    private void Restore(int[] pieces, Func<int, bool> isChosen)
    {
        Array.Sort(pieces);
        var written = new HashSet<int>();
        foreach (int piece in pieces)
        {
            int at = 0;
            foreach (FileSlice slice in files.Layout.Slices(piece))
            {
                if (!slice.IsPadding && isChosen(slice.File) && RestoreSlice(piece, at, slice))
                    written.Add(slice.File);
                at += slice.Length;
            }
        }
        foreach (int file in written)
        {
            using HandleLease lease = files.Rent(file, DiskAccess.Write);
            lease.File.Flush();
        }
    }

    /// <summary>Whether the record holds the piece as it should be: a damaged one must not be written over a good file.</summary>
    private bool IsRecordGood(int piece)
    {
        using IPieceCheck check = verifier.Begin(piece);
        int at = 0;
        foreach (FileSlice slice in files.Layout.Slices(piece))
        {
            for (int done = 0; done < slice.Length; done += BufferBytes)
            {
                Span<byte> part = _record.AsSpan(0, Math.Min(BufferBytes, slice.Length - done));
                if (slice.IsPadding)
                    part.Clear();
                else if (!files.Parts.TryRead(piece, at + done, part))
                    return false;
                check.Append(part);
            }
            at += slice.Length;
        }
        return check.Finish();
    }

    private bool RestoreSlice(int piece, int begin, in FileSlice slice)
    {
        var segments = new PieceSegments();
        bool any = false;
        for (int done = 0; done < slice.Length; done += BufferBytes)
        {
            int length = Math.Min(BufferBytes, slice.Length - done);
            var part = new FileSlice(slice.File, slice.Offset + done, length);
            if (!files.Parts.TryRead(piece, begin + done, _record.AsSpan(0, length)))
                return any;
            if (IsEqual(part))
                continue;
            segments.Clear();
            segments.Add(_record.AsMemory(0, length));
            files.WriteSlice(part, segments);
            any = true;
        }
        return any;
    }

    private bool IsEqual(in FileSlice slice)
    {
        if (!files.GetInfo(slice.File).Exists)
            return false;
        using HandleLease lease = files.Rent(slice.File, DiskAccess.Read);
        Span<byte> current = _current.AsSpan(0, slice.Length);
        return lease.File.Read(current, slice.Offset) == slice.Length && current.SequenceEqual(_record.AsSpan(0, slice.Length));
    }

    private void FreeUnused()
    {
        int[] pieces = files.Parts.Pieces();
        int[] unused = [.. pieces.Where(piece => !files.TouchesParts(piece))];
        if (unused.Length < pieces.Length)
        {
            files.Parts.Free(unused);
            return;
        }
        if (!files.GetInfo(PartsFile.Index).Exists)
            return;
        files.CloseHandles();
        files.Disk.Delete(files.PartsPath);
        files.Parts.Clear();
    }

    private void CreateEmpty(IReadOnlyList<bool>? wanted)
    {
        for (int file = 0; file < files.Files.Count; file++)
        {
            if (files.Files[file].Length != 0 || (wanted is not null && !wanted[file]) || files.GetInfo(file).Exists)
                continue;
            // Not through the handle cache, which may hold the handle of a file that was deleted.
            DiskPath path = files.PathOf(file);
            files.Disk.Open(path, DiskAccess.Write).Dispose();
            files.Remember(path);
        }
    }
}
