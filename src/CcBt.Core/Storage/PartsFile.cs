namespace CcBt.Core.Storage;

/// <summary>
/// Keeps the bytes of verified pieces that belong to unselected files, so that those files never appear. Thread-safe for reads and
/// writes of different pieces; <see cref="Free"/> and <see cref="Clear"/> need the store to themselves. What it holds is
/// believed only as far as a hash or the store's resume data vouches for it.
/// </summary>
internal sealed class PartsFile
{
    /// <summary>Stands for the parts file where files are named by their index.</summary>
    public const int Index = -1;

    private readonly object _gate = new();
    private readonly Dictionary<int, int> _records = [];
    private readonly Stack<int> _free = new();
    private readonly HandleCache _handles;
    private readonly HandleKey _key;
    private readonly IHandleOpener _opener;
    private readonly byte[] _header = new byte[PartsHeader.Length];
    private readonly int _pieceCount;
    private readonly long _stride;
    private int _recordCount;
    private bool _hasHeader;
    private volatile bool _isDirty;

    public PartsFile(HandleCache handles, HandleKey key, IHandleOpener opener, int pieceLength, int pieceCount, ReadOnlySpan<byte> name)
    {
        _handles = handles;
        _key = key;
        _opener = opener;
        _pieceCount = pieceCount;
        _stride = PartsHeader.RecordHeaderLength + (long)pieceLength;
        PartsHeader.Write(_header, pieceLength, pieceCount, name);
    }

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _records.Count == 0;
        }
    }

    /// <summary>Whether it was written since it was last flushed.</summary>
    public bool IsDirty => _isDirty;

    public bool Contains(int piece)
    {
        lock (_gate)
            return _records.ContainsKey(piece);
    }

    public int[] Pieces()
    {
        lock (_gate)
            return [.. _records.Keys];
    }

    /// <summary>Reads which pieces an existing file holds. A file of another torrent, or a damaged one, counts as empty and is written anew.</summary>
    public void Load()
    {
        using HandleLease lease = _handles.Rent(_key, DiskAccess.Read, _opener);
        Span<byte> header = stackalloc byte[PartsHeader.Length];
        if (lease.File.Read(header, 0) != header.Length || !header.SequenceEqual(_header))
            return;
        _hasHeader = true;
        long count = (lease.File.Info.Length - header.Length) / _stride;
        Span<byte> record = stackalloc byte[PartsHeader.RecordHeaderLength];
        for (int i = 0; i < Math.Min(count, _pieceCount); i++)
        {
            bool isUsed = lease.File.Read(record, RecordOffset(i)) == record.Length
                && PartsHeader.TryReadRecord(record, i, _pieceCount, out int piece)
                && _records.TryAdd(piece, i);
            if (!isUsed)
                _free.Push(i);
            _recordCount = i + 1;
        }
    }

    /// <summary>Takes the next bytes of <paramref name="segments"/> as bytes of a piece.</summary>
    public void Write(int piece, int begin, int length, PieceSegments segments)
    {
        using HandleLease lease = _handles.Rent(_key, DiskAccess.Write, _opener);
        _isDirty = true;
        int record = RecordOf(piece, lease.File, out bool isNew);
        segments.WriteTo(lease.File, RecordOffset(record) + PartsHeader.RecordHeaderLength + begin, length);
        if (!isNew)
            return;
        // The header comes last, so that a record that is cut short is not found again.
        Span<byte> header = stackalloc byte[PartsHeader.RecordHeaderLength];
        PartsHeader.WriteRecord(header, piece, record);
        lease.File.Write(header, RecordOffset(record));
        lock (_gate)
            _records[piece] = record;
    }

    /// <summary>Reads bytes of a piece. False when the file does not hold them.</summary>
    public bool TryRead(int piece, int begin, Span<byte> destination)
    {
        int record;
        lock (_gate)
        {
            if (!_records.TryGetValue(piece, out record))
                return false;
        }
        using HandleLease lease = _handles.Rent(_key, DiskAccess.Read, _opener);
        return lease.File.Read(destination, RecordOffset(record) + PartsHeader.RecordHeaderLength + begin) == destination.Length;
    }

    /// <summary>
    /// Gives up pieces. Returns when that is durable, so that a record which is used again cannot come back after a power
    /// loss as the piece that it held before.
    /// </summary>
    public void Free(IReadOnlyCollection<int> pieces)
    {
        if (pieces.Count == 0)
            return;
        using HandleLease lease = _handles.Rent(_key, DiskAccess.Write, _opener);
        Span<byte> header = stackalloc byte[PartsHeader.RecordHeaderLength];
        foreach (int piece in pieces)
        {
            int record = _records[piece];
            PartsHeader.WriteRecord(header, PartsHeader.FreePiece, record);
            lease.File.Write(header, RecordOffset(record));
        }
        lease.File.Flush();
        lock (_gate)
        {
            foreach (int piece in pieces)
            {
                if (_records.Remove(piece, out int record))
                    _free.Push(record);
            }
        }
    }

    public void Flush()
    {
        _isDirty = false;
        try
        {
            using HandleLease lease = _handles.Rent(_key, DiskAccess.Write, _opener);
            lease.File.Flush();
        }
        catch
        {
            _isDirty = true;
            throw;
        }
    }

    /// <summary>Forgets everything; the caller deletes the file.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _records.Clear();
            _free.Clear();
            _recordCount = 0;
            _hasHeader = false;
            _isDirty = false;
        }
    }

    private int RecordOf(int piece, IDiskFile file, out bool isNew)
    {
        lock (_gate)
        {
            if (!_hasHeader)
            {
                file.SetLength(0);
                file.Write(_header, 0);
                _hasHeader = true;
            }
            isNew = !_records.TryGetValue(piece, out int record);
            if (!isNew)
                return record;
            // It is entered only once its header is written; until then the same record is chosen by nobody else.
            return _free.TryPop(out int free) ? free : _recordCount++;
        }
    }

    private long RecordOffset(int record) => PartsHeader.Length + record * _stride;
}
