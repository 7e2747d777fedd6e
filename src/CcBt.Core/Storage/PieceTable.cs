using CcBt.Core.Metainfo;

namespace CcBt.Core.Storage;

/// <summary>The pieces in flight of one torrent. Thread-safe.</summary>
internal sealed class PieceTable(FileLayout layout, IPieceVerifier verifier, WriteBudget budget, IPieceShelf shelf)
{
    private readonly object _gate = new();
    private readonly Dictionary<int, PieceAssembly> _open = [];
    private readonly Stack<PieceAssembly> _idle = new();
    private readonly HashSet<int> _wantDigests = [];
    private bool _isClosed;

    public FileLayout Layout => layout;

    public IPieceVerifier Verifier => verifier;

    public WriteBudget Budget => budget;

    public IPieceShelf Shelf => shelf;

    public int OpenCount
    {
        get
        {
            lock (_gate)
                return _open.Count;
        }
    }

    /// <summary>Begins a piece, or finds the one in flight. False when the write budget is used up, or the store is closed.</summary>
    public bool TryOpen(int piece, out PieceAssembly assembly)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(piece, out assembly!))
                return true;
            if (_isClosed)
                return false;
            if (!_idle.TryPop(out assembly!))
                assembly = new PieceAssembly(this);
            if (!assembly.TryBegin(piece))
            {
                _idle.Push(assembly);
                return false;
            }
            _open.Add(piece, assembly);
        }
        assembly.Drive();
        return true;
    }

    /// <summary>Gives up a piece that is not whole; buffers in use come back when their links let go.</summary>
    public void Release(int piece)
    {
        PieceAssembly? assembly;
        lock (_gate)
            _open.Remove(piece, out assembly);
        assembly?.Release(piece);
    }

    public void Close()
    {
        PieceAssembly[] open;
        int[] pieces;
        lock (_gate)
        {
            _isClosed = true;
            open = [.. _open.Values];
            pieces = [.. _open.Keys];
            _open.Clear();
            while (_idle.TryPop(out PieceAssembly? idle))
                idle.Retire();
        }
        for (int i = 0; i < open.Length; i++)
            open[i].Release(pieces[i]);
    }

    public void WantDigests(int piece)
    {
        lock (_gate)
            _wantDigests.Add(piece);
    }

    public bool WantsDigests(int piece)
    {
        lock (_gate)
            return _wantDigests.Contains(piece);
    }

    /// <summary>The piece is over: it can be begun again.</summary>
    public void Remove(PieceAssembly assembly, int piece, bool isGood)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(piece, out PieceAssembly? open) && ReferenceEquals(open, assembly))
                _open.Remove(piece);
            if (isGood)
                _wantDigests.Remove(piece);
        }
    }

    /// <summary>Takes back an assembly that nobody writes to any more.</summary>
    public void Recycle(PieceAssembly assembly)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _idle.Push(assembly);
                return;
            }
        }
        assembly.Retire();
    }
}
