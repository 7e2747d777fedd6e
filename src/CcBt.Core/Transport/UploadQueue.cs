using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>The requests of a peer that wait to be served, bounded, in the order they came. Thread-safe.</summary>
internal sealed class UploadQueue
{
    private readonly object _gate = new();
    private readonly List<BlockAddress> _queue = [];
    private int _head;
    private int _invalid;
    private int _whileChoked;
    private int _overfull;
    private IBlockSource? _source;
    private IBlockSource? _fastSource;
    private int[] _fastPieces = [];
    private long _fastBytesLeft;
    private LinkLayout? _layout;

    public int Count
    {
        get
        {
            lock (_gate)
                return _queue.Count - _head;
        }
    }

    public void SetLayout(in LinkLayout layout)
    {
        lock (_gate)
            _layout = layout;
    }

    public void Unchoke(IBlockSource source)
    {
        lock (_gate)
        {
            _source = source;
            _whileChoked = 0;
        }
    }

    /// <summary>Serves these pieces also while choked, as many bytes as they have (BEP 6).</summary>
    public void AllowFast(IBlockSource source, ReadOnlySpan<int> pieces)
    {
        lock (_gate)
        {
            if (_layout is not { } layout)
                return;
            _fastSource = source;
            _fastPieces = pieces.ToArray();
            _fastBytesLeft = _fastPieces.Sum(piece => LengthOf(piece, layout));
        }
    }

    /// <summary>Serves nothing any more, but for pieces that are allowed while choked, and moves the other waiting requests to <paramref name="dropped"/>.</summary>
    public void Choke(List<BlockAddress> dropped)
    {
        lock (_gate)
        {
            _source = null;
            int kept = 0;
            for (int i = _head; i < _queue.Count; i++)
            {
                BlockAddress block = _queue[i];
                if (TryDrawFast(block))
                    _queue[kept++] = block;
                else
                    dropped.Add(block);
            }
            _queue.RemoveRange(kept, _queue.Count - kept);
            _head = 0;
        }
    }

    public UploadVerdict Add(in BlockAddress block)
    {
        lock (_gate)
        {
            bool isChoked = _source is null;
            if (isChoked && !_fastPieces.Contains(block.Piece))
                return ++_whileChoked > Limits.ChokedRequests ? UploadVerdict.Abused : UploadVerdict.Refused;
            if (!IsInTorrent(block) || !(_source ?? _fastSource)!.Has(block.Piece))
                return ++_invalid > Limits.InvalidRequests ? UploadVerdict.Abused : UploadVerdict.Refused;
            if (_queue.Count - _head >= Limits.QueuedRequests)
                return ++_overfull > Limits.OverfullRequests ? UploadVerdict.Abused : UploadVerdict.Refused;
            if (isChoked && !TryDrawFast(block))
                return ++_whileChoked > Limits.ChokedRequests ? UploadVerdict.Abused : UploadVerdict.Refused;
            _queue.Add(block);
            return UploadVerdict.Queued;
        }
    }

    /// <summary>Removes a waiting request; false when it is served already or was never there.</summary>
    public bool TryCancel(in BlockAddress block)
    {
        lock (_gate)
        {
            int at = _queue.IndexOf(block, _head);
            if (at < 0)
                return false;
            _queue.RemoveAt(at);
            return true;
        }
    }

    /// <summary>Takes the next requests, up to a number of bytes but at least one, and where to read them.</summary>
    public IBlockSource? TakeRun(List<BlockAddress> run, int mostBytes)
    {
        lock (_gate)
        {
            int bytes = 0;
            while (_head < _queue.Count && run.Count < Limits.BlocksPerSend)
            {
                BlockAddress block = _queue[_head];
                bytes += block.Length;
                if (run.Count > 0 && bytes > mostBytes)
                    break;
                run.Add(block);
                _head++;
            }
            Compact();
            return run.Count > 0 ? _source ?? _fastSource : null;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _source = _fastSource = null;
            _fastPieces = [];
            Clear();
            _queue.Capacity = 0;
        }
    }

    private bool IsInTorrent(in BlockAddress block)
    {
        if (_layout is not { } layout || block.Length is <= 0 or > BlockAddress.Size)
            return false;
        if (block.Begin < 0 || block.Piece < 0 || block.Piece >= layout.PieceCount)
            return false;
        return (long)block.Begin + block.Length <= LengthOf(block.Piece, layout);
    }

    private static long LengthOf(int piece, in LinkLayout layout) => Math.Min(layout.PieceLength, layout.TotalSize - (long)piece * layout.PieceLength);

    private bool TryDrawFast(in BlockAddress block)
    {
        if (block.Length > _fastBytesLeft || !_fastPieces.Contains(block.Piece))
            return false;
        _fastBytesLeft -= block.Length;
        return true;
    }

    private void Compact()
    {
        if (_head == _queue.Count)
        {
            Clear();
        }
        else if (_head >= 256)
        {
            _queue.RemoveRange(0, _head);
            _head = 0;
        }
    }

    private void Clear()
    {
        _queue.Clear();
        _head = 0;
    }
}
