namespace CcBt.Core.Swarm;

/// <summary>The requests open at one supplier, oldest first. Answers mostly come in order, so a removal is mostly at the head.</summary>
internal sealed class RequestQueue
{
    private BlockRequest[] _ring = new BlockRequest[16];
    private int _head;

    public int Count { get; private set; }

    public BlockRequest this[int index] => _ring[(_head + index) & (_ring.Length - 1)];

    public void Add(in BlockRequest request)
    {
        if (Count == _ring.Length)
            Grow();
        _ring[(_head + Count++) & (_ring.Length - 1)] = request;
    }

    public bool Contains(int piece, int block)
    {
        for (int i = 0; i < Count; i++)
        {
            if (this[i].Piece == piece && this[i].Block == block)
                return true;
        }
        return false;
    }

    public bool TryRemove(int piece, int block, out BlockRequest request)
    {
        for (int i = 0; i < Count; i++)
        {
            request = this[i];
            if (request.Piece == piece && request.Block == block)
            {
                RemoveAt(i);
                return true;
            }
        }
        request = default;
        return false;
    }

    public void RemoveAt(int index)
    {
        int mask = _ring.Length - 1;
        for (int i = index; i > 0; i--)
            _ring[(_head + i) & mask] = _ring[(_head + i - 1) & mask];
        _head = (_head + 1) & mask;
        Count--;
    }

    private void Grow()
    {
        var larger = new BlockRequest[_ring.Length * 2];
        for (int i = 0; i < Count; i++)
            larger[i] = this[i];
        _ring = larger;
        _head = 0;
    }
}
