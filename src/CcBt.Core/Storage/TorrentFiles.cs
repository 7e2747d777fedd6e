using CcBt.Core.Metainfo;

namespace CcBt.Core.Storage;

/// <summary>
/// Pieces of one torrent ⇄ its files and its parts file. Reads and writes are thread-safe; routes and the root change only
/// while the store has them to itself.
/// </summary>
internal sealed class TorrentFiles : IHandleOpener
{
    private readonly HandleCache _handles;
    private readonly FileRoute[] _routes;
    private readonly object _newGate = new();
    private readonly HashSet<DiskPath> _newEntries = [];
    private readonly bool _isReadOnly;
    private readonly string _partsName;
    private int _partsRouted;

    public TorrentFiles(StorageOptions options)
    {
        Disk = options.Disk;
        Root = options.Directory;
        Layout = options.Layout;
        Files = options.Files;
        Times = new FileTimes(Files.Count);
        _handles = options.Handles;
        _isReadOnly = options.IsReadOnly;
        _routes = new FileRoute[Files.Count];
        _partsName = $".{options.Name}.parts";
        Store = _handles.NewStore();
        Parts = new PartsFile(_handles, new HandleKey(Store, PartsFile.Index), this, Layout.PieceLength, Layout.PieceCount, Convert.FromHexString(options.Name));
    }

    public IDisk Disk { get; }

    public FileLayout Layout { get; }

    public IReadOnlyList<StoredFile> Files { get; }

    public FileTimes Times { get; }

    public PartsFile Parts { get; }

    public int Store { get; }

    /// <summary>
    /// A file is about to be written and is not as it was left: of what was in it, bytes from the given length on are gone. Called
    /// inside the write, from any thread.
    /// </summary>
    public Action<int, long>? Shortened { get; init; }

    /// <summary>The save directory.</summary>
    public string Root { get; set; }

    public DiskPath PartsPath => DiskPath.Create(Root, _partsName);

    public DiskPath PathOf(int file) => DiskPath.Create(Root, Files[file].Path);

    public FileRoute RouteOf(int file) => _routes[file];

    public void SetRoute(int file, FileRoute route)
    {
        _partsRouted += (int)route - (int)_routes[file];
        _routes[file] = route;
    }

    public IDiskFile OpenFile(int file, DiskAccess access)
    {
        if (file == PartsFile.Index)
            return OpenParts(access);
        DiskPath path = PathOf(file);
        IDiskFile opened = Disk.Open(path, access);
        if (access == DiskAccess.Read)
            return opened;
        try
        {
            long length = opened.Info.Length;
            if (length == Files[file].Length)
                return opened;
            opened.SetLength(Files[file].Length);
            Remember(path);
            // This changed the time itself; what was lost before is told by the length.
            Times.Forget(file);
            Shortened?.Invoke(file, length);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public HandleLease Rent(int file, DiskAccess access)
    {
        if (_isReadOnly && access == DiskAccess.Write)
            throw new InvalidOperationException("The store was opened for reading only.");
        return _handles.Rent(new HandleKey(Store, file), access, this);
    }

    /// <summary>
    /// Writes bytes of a piece: one gathered write for each file that they touch. Padding is not written (BEP 47). A piece that has
    /// bytes of a file in the parts file goes there whole, so that its record alone can restore any file.
    /// </summary>
    public void Write(int piece, int begin, int length, PieceSegments segments)
    {
        if (TouchesParts(piece))
        {
            Parts.Write(piece, begin, length, segments);
            segments.Rewind();
        }
        foreach (FileSlice slice in Layout.Slices(piece, begin, length))
        {
            if (slice.IsPadding || _routes[slice.File] == FileRoute.Parts)
                segments.Skip(slice.Length);
            else
                WriteSlice(slice, segments);
        }
    }

    /// <summary>Whether the piece has bytes of a file that is kept in the parts file.</summary>
    public bool TouchesParts(int piece)
    {
        if (_partsRouted == 0)
            return false;
        foreach (FileSlice slice in Layout.Slices(piece))
        {
            if (!slice.IsPadding && _routes[slice.File] == FileRoute.Parts)
                return true;
        }
        return false;
    }

    /// <summary>
    /// Reads bytes of a piece. On failure <paramref name="failed"/> is the file (or <see cref="PartsFile.Index"/>) that is missing, too short, or, when
    /// <paramref name="isGuarded"/> is set, was changed by somebody else. Throws what the system throws.
    /// </summary>
    public bool TryRead(int piece, int begin, Span<byte> destination, bool isGuarded, out int failed)
    {
        int at = begin;
        failed = PartsFile.Index;
        foreach (FileSlice slice in Layout.Slices(piece, begin, destination.Length))
        {
            Span<byte> target = destination.Slice(at - begin, slice.Length);
            if (slice.IsPadding)
                target.Clear();
            else if (_routes[slice.File] == FileRoute.Parts)
            {
                failed = PartsFile.Index;
                if (!Parts.TryRead(piece, at, target))
                    return false;
            }
            else
            {
                failed = slice.File;
                if (!TryReadSlice(slice, target, isGuarded))
                    return false;
            }
            at += slice.Length;
        }
        return true;
    }

    public DiskFileInfo GetInfo(int file)
        => Disk.GetInfo(file == PartsFile.Index ? PartsPath : PathOf(file));

    /// <summary>Directory entries that were made since they were last taken.</summary>
    public DiskPath[] TakeNewEntries()
    {
        lock (_newGate)
        {
            DiskPath[] entries = [.. _newEntries];
            _newEntries.Clear();
            return entries;
        }
    }

    public void Remember(in DiskPath entry)
    {
        lock (_newGate)
            _newEntries.Add(entry);
    }

    public void CloseHandles() => _handles.CloseStore(Store);

    private IDiskFile OpenParts(DiskAccess access)
    {
        DiskPath path = PartsPath;
        IDiskFile opened = Disk.Open(path, access);
        if (access == DiskAccess.Write)
            Remember(path);
        return opened;
    }

    /// <summary>Writes the next bytes of <paramref name="segments"/> to one file.</summary>
    public void WriteSlice(in FileSlice slice, PieceSegments segments)
    {
        using HandleLease lease = RentIntact(slice.File, out int losses);
        Times.BeginWrite(slice.File);
        try
        {
            segments.WriteTo(lease.File, slice.Offset, slice.Length);
        }
        finally
        {
            Times.EndWrite(slice.File);
        }
        if (losses != Times.LossesOf(slice.File))
            throw new IOException($"'{Files[slice.File].Path}' was removed or replaced while it was written; the piece is fetched again.");
    }

    /// <summary>Lends a file for writing, opened anew when it is not as it was left, and says how often it has been lost so far.</summary>
    private HandleLease RentIntact(int file, out int losses)
    {
        losses = Times.LossesOf(file);
        HandleLease lease = Rent(file, DiskAccess.Write);
        // A file got its final length when it was opened for writing. Bytes beyond a cut would turn into zeros without a sign.
        if (Times.IsUnchanged(file, lease.File) && lease.File.Info.Length >= Files[file].Length)
            return lease;
        lease.Dispose();
        Lose(file);
        losses = Times.LossesOf(file);
        return Rent(file, DiskAccess.Write);
    }

    /// <summary>What was in the file is not believed any more: it was cut, deleted or replaced.</summary>
    public void Lose(int file, long from = 0)
    {
        Times.Lost(file);
        Times.Forget(file);
        // What is open may be a file that has lost its name.
        CloseHandle(file);
        Shortened?.Invoke(file, from);
    }

    /// <summary>
    /// False when the name of an open file is gone or stands for another one. A file that is being written has a moving write time, so that
    /// only its length tells then.
    /// </summary>
    public bool IsUnderItsName(int file, IDiskFile opened)
    {
        if (opened.HasItsName)
            return true;
        DiskFileInfo before = opened.Info, named = GetInfo(file);
        return named == before || (named.Exists && (opened.Info != before || (Times.IsDirty(file) && named.Length == before.Length)));
    }

    /// <summary>Closes one file, so that it is looked up by its name again.</summary>
    public void CloseHandle(int file) => _handles.Close(new HandleKey(Store, file));

    private bool TryReadSlice(in FileSlice slice, Span<byte> destination, bool isGuarded)
    {
        using HandleLease lease = Rent(slice.File, DiskAccess.Read);
        return lease.File.Read(destination, slice.Offset) == slice.Length
            && (!isGuarded || (Times.IsUnchanged(slice.File, lease.File) && (!Times.IsOneOf(Limits.ReadsPerNameCheck, slice.File) || IsUnderItsName(slice.File, lease.File))));
    }
}
