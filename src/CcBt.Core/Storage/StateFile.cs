namespace CcBt.Core.Storage;

/// <summary>
/// A small file that survives a crash at any instant. Saving writes a temporary file, flushes it, keeps the current file as
/// the former copy, renames, and flushes the directory; loading takes the newest copy that is whole. One thread at a time.
/// </summary>
internal sealed class StateFile(IDisk disk, DiskPath path)
{
    private readonly DiskPath _temporary = DiskPath.Create(path.Root, path.Relative + ".tmp");
    private readonly DiskPath _former = DiskPath.Create(path.Root, path.Relative + ".bak");

    public DiskPath Path => path;

    /// <exception cref="TorrentStorageException">It could not be saved; what was saved before is still there.</exception>
    public void Save(ReadOnlySpan<byte> payload)
    {
        Write(payload);
        FlushDirectory();
    }

    /// <summary>All of <see cref="Save"/> but its end: not safe from a loss of power until the directory is flushed, which several files of it may share.</summary>
    /// <exception cref="TorrentStorageException">It could not be saved; what was saved before is still there.</exception>
    public void Write(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > Limits.StateFileBytes - StateEnvelope.HeaderLength)
            throw new TorrentStorageException(TorrentErrorCode.StorageFailure, $"The state of {payload.Length} bytes is larger than a state file may be.", path.Full, isTransient: false);
        Span<byte> header = stackalloc byte[StateEnvelope.HeaderLength];
        StateEnvelope.WriteHeader(header, payload);
        StateFault fault = Read(path, out ReadOnlyMemory<byte> current);
        // What is there already was flushed before it got its name; a thousand idle torrents that come back write nothing. The former copy must not
        // stay behind, though: who needs it is not to find a torrent as it was before its start.
        if (fault == StateFault.None && current.Span.SequenceEqual(payload)
            && Read(_former, out ReadOnlyMemory<byte> former) == StateFault.None && former.Span.SequenceEqual(payload))
        {
            return;
        }
        try
        {
            using (IDiskFile file = disk.Open(_temporary, DiskAccess.Write))
            {
                file.SetLength(0);
                file.Write(header, 0);
                file.Write(payload, header.Length);
                file.Flush();
            }
            // A damaged current file must not take the place of a good former copy.
            if (fault == StateFault.None)
                disk.Rename(path, _former);
            disk.Rename(_temporary, path);
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            throw StorageErrors.From(error, path.Full);
        }
    }

    /// <summary>Makes what was written durable, for every file of this directory.</summary>
    /// <exception cref="TorrentStorageException">The directory could not be flushed.</exception>
    public void FlushDirectory()
    {
        try
        {
            disk.FlushDirectory(path.Parent);
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            throw StorageErrors.From(error, path.Full);
        }
    }

    /// <summary>Finds the newest usable copy. Throws for nothing that is on the disk.</summary>
    public StateLoad Load()
    {
        StateFault fault = Read(path, out ReadOnlyMemory<byte> payload);
        if (fault == StateFault.None)
            return new StateLoad(payload, StateCopy.Current, fault, path.Full);
        if (Read(_temporary, out payload) == StateFault.None)
            return new StateLoad(payload, StateCopy.Temporary, fault, path.Full);
        StateFault formerFault = Read(_former, out payload);
        if (formerFault == StateFault.None)
            return new StateLoad(payload, StateCopy.Former, fault, path.Full);
        return new StateLoad(default, StateCopy.None, fault == StateFault.Missing ? formerFault : fault, path.Full);
    }

    /// <exception cref="TorrentStorageException">A copy could not be deleted.</exception>
    public void Delete()
    {
        try
        {
            // The former copy first: should this end half-way, what is left must not be older than what was deleted.
            disk.Delete(_former);
            disk.Delete(_temporary);
            disk.Delete(path);
            disk.FlushDirectory(path.Parent);
        }
        catch (Exception error) when (StorageErrors.IsFileError(error) && !StorageErrors.IsMissing(error))
        {
            throw StorageErrors.From(error, path.Full);
        }
        catch (DirectoryNotFoundException)
        {
            // Where there is no directory there is no state.
        }
    }

    private StateFault Read(in DiskPath copy, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        try
        {
            if (!disk.GetInfo(copy).Exists)
                return StateFault.Missing;
            using IDiskFile file = disk.Open(copy, DiskAccess.Read);
            long length = file.Info.Length;
            if (length is < StateEnvelope.HeaderLength or > Limits.StateFileBytes)
                return StateFault.Damaged;
            byte[] bytes = new byte[length];
            return file.Read(bytes, 0) == bytes.Length ? StateEnvelope.TryRead(bytes, out payload) : StateFault.Damaged;
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            return StorageErrors.IsMissing(error) ? StateFault.Missing : StateFault.Unreadable;
        }
    }
}
