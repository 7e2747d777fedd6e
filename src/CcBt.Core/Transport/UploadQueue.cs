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
    private IBlockSource? _source;
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

    /// <summary>Serves nothing any more and moves the waiting requests to <paramref name="dropped"/>.</summary>
    public void Choke(List<BlockAddress> dropped)
    {
        lock (_gate)
        {
            _source = null;
            for (int i = _head; i < _queue.Count; i++)
                dropped.Add(_queue[i]);
            Clear();
        }
    }

    public UploadVerdict Add(in BlockAddress block)
    {
        lock (_gate)
        {
            if (_source is null)
                return ++_whileChoked > Limits.ChokedRequests ? UploadVerdict.Abused : UploadVerdict.Refused;
            if (!IsInTorrent(block) || !_source.Has(block.Piece))
                return ++_invalid > Limits.InvalidRequests ? UploadVerdict.Abused : UploadVerdict.Refused;
            if (_queue.Count - _head >= Limits.QueuedRequests)
                return UploadVerdict.Refused;
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
            return run.Count > 0 ? _source : null;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _source = null;
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
        long pieceLength = Math.Min(layout.PieceLength, layout.TotalSize - (long)block.Piece * layout.PieceLength);
        return (long)block.Begin + block.Length <= pieceLength;
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
