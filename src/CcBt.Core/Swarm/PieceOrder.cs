using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>
/// The pieces that can be begun, most urgent first, rarest first within a priority. One array sorted by bucket; a piece moves
/// to the next bucket by one swap at the boundary:
/// <code>
/// | urgent, 0 peers | urgent, 1 | … | high, 0 | … | normal, 31 and more |
/// </code>
/// Many changes at once only mark it, and the next pick sorts anew in one pass.
/// </summary>
internal sealed class PieceOrder
{
    private const int Levels = 32;
    private const int Buckets = Levels * 3;
    private const int Looks = 256;
    private const int Rest = 16;

    private readonly Random _random;
    private readonly int _stride;
    private readonly int _offset;
    private readonly int[] _order;
    private readonly int[] _position;
    private readonly ushort[] _availability;
    private readonly PiecePriority[] _priority;
    private readonly int[] _start = new int[Buckets + 1];
    private readonly PieceSet _members;
    private bool _isStale = true;

    public PieceOrder(int pieceCount, Random random)
    {
        _random = random;
        _order = new int[pieceCount];
        _position = new int[pieceCount];
        _availability = new ushort[pieceCount];
        _priority = new PiecePriority[pieceCount];
        _members = new PieceSet(pieceCount);
        // Walking the pieces by a stride without a common divisor visits each once, in another order in every client.
        _offset = random.Next(pieceCount);
        _stride = random.Next(1, Math.Max(pieceCount, 2));
        while (Divisor(_stride, pieceCount) > 1)
            _stride = _stride % pieceCount + 1;
    }

    /// <summary>Peers that have everything.</summary>
    public int Seeds { get; private set; }

    public int Count => _members.Count;

    /// <summary>How many pieces were looked at so far; tests hold the growth of it.</summary>
    public long Looked { get; private set; }

    public bool Contains(int piece) => _members[piece];

    public int Availability(int piece) => _availability[piece] + Seeds;

    /// <summary>Whether a piece that a linked peer has waits to be begun.</summary>
    public bool AnyAvailable()
    {
        if (Count == 0)
            return false;
        Sort();
        if (Seeds > 0)
            return true;
        for (int first = 0; first < Buckets; first += Levels)
        {
            if (_start[first + Levels] > _start[first + 1])
                return true;
        }
        return false;
    }

    /// <summary>Whether no linked peer but seeds has the piece.</summary>
    public bool IsOnlyAtSeeds(int piece) => _availability[piece] == 0;

    /// <summary>Whether a piece that waits to be begun, as urgent as this one, is only at seeds.</summary>
    public bool AnyOnlyAtSeeds(int asUrgentAs)
    {
        Sort();
        int first = (PiecePriority.Urgent - _priority[asUrgentAs]) * Levels;
        return _start[first + 1] > _start[first];
    }

    public void Add(int piece)
    {
        if (!_members.Add(piece) || _isStale)
            return;
        // The hole at the end moves down, one piece of each bucket on the way steps up.
        int hole = _start[Buckets]++;
        int bucket = Bucket(piece);
        for (int b = Buckets - 1; b > bucket; b--)
        {
            if (_start[b] != hole)
                Place(_order[_start[b]], hole);
            hole = _start[b]++;
        }
        Place(piece, hole);
    }

    public void Remove(int piece)
    {
        if (!_members.Remove(piece) || _isStale)
            return;
        int hole = _position[piece];
        for (int b = Bucket(piece); b < Buckets; b++)
        {
            int last = --_start[b + 1];
            if (last != hole)
                Place(_order[last], hole);
            hole = last;
        }
    }

    public void SetPriority(int piece, PiecePriority priority)
    {
        bool member = _members[piece];
        if (member)
            Remove(piece);
        _priority[piece] = priority;
        if (member)
            Add(piece);
    }

    public void CopyPriorities(PieceOrder former)
    {
        former._priority.CopyTo(_priority, 0);
        _isStale = true;
    }

    /// <summary>A peer has got the piece.</summary>
    public void Rise(int piece)
    {
        int bucket = Bucket(piece);
        _availability[piece]++;
        if (_isStale || !_members[piece] || Bucket(piece) == bucket)
            return;
        int last = _start[bucket + 1] - 1;
        Swap(piece, last);
        _start[bucket + 1] = last;
    }

    private void Fall(int piece)
    {
        int bucket = Bucket(piece);
        _availability[piece]--;
        if (_isStale || !_members[piece] || Bucket(piece) == bucket)
            return;
        Swap(piece, _start[bucket]);
        _start[bucket]++;
    }

    public void AddPeer(PeerPieces pieces)
    {
        if (pieces.IsWhole)
            Seeds++;
        else if (pieces.Set is { } set)
            Change(set, 1);
    }

    public void RemovePeer(PeerPieces pieces)
    {
        if (pieces.IsWhole)
            Seeds--;
        else if (pieces.Set is { } set)
            Change(set, -1);
    }

    /// <summary>The best piece to begin with this supplier; <paramref name="anyPiece"/> takes one at random (the first pieces of a torrent).</summary>
    public bool TryPick(Supplier supplier, bool anyPiece, out int piece)
    {
        piece = -1;
        Sort();
        int end = Math.Min(_start[Buckets], anyPiece ? 0 : Looks);
        for (int i = 0; i < end; i++)
        {
            Looked++;
            if (!supplier.CanServe(_order[i]))
                continue;
            piece = _order[i];
            return true;
        }
        if (end == _start[Buckets])
            return false;
        return TryPickFromSet(supplier, anyPiece ? 1 : Rest, out piece);
    }

    /// <summary>Copies of the torrent among the peers: of the rarest piece, and the share of pieces with more.</summary>
    public double DistributedCopies()
    {
        int pieces = _availability.Length, least = int.MaxValue, more = 0;
        foreach (ushort count in _availability)
            least = Math.Min(least, count);
        foreach (ushort count in _availability)
            more += count > least ? 1 : 0;
        return pieces == 0 ? Seeds : Seeds + least + (double)more / pieces;
    }

    /// <summary>For a peer whose pieces are far down in the order: the rarest of a few, from a random place on.</summary>
    private bool TryPickFromSet(Supplier supplier, int wanted, out int best)
    {
        best = -1;
        int from = _random.Next(_members.PieceCount), found = 0;
        PieceSet having = supplier.Pieces.Set ?? _members;
        for (int half = 0; half < 2 && found < wanted; half++)
        {
            int at = half == 0 ? from : 0, stop = half == 0 ? _members.PieceCount : from;
            for (at = PieceBits.NextBoth(_members, having, at); at >= 0 && at < stop && found < wanted; at = PieceBits.NextBoth(_members, having, at + 1))
            {
                Looked++;
                if (!supplier.CanServe(at))
                    continue;
                found++;
                if (best < 0 || Bucket(at) < Bucket(best))
                    best = at;
            }
        }
        return best >= 0;
    }

    private void Change(PieceSet set, int by)
    {
        // Moving each piece by a swap costs more than sorting once when there are many.
        if (set.Count > 64 && set.Count > set.PieceCount / 16)
            _isStale = true;
        for (int piece = PieceBits.Next(set, 0); piece >= 0; piece = PieceBits.Next(set, piece + 1))
        {
            Looked++;
            if (by > 0)
                Rise(piece);
            else
                Fall(piece);
        }
    }

    private void Sort()
    {
        if (!_isStale)
            return;
        _isStale = false;
        Looked += _members.PieceCount;
        Array.Clear(_start);
        for (int piece = PieceBits.Next(_members, 0); piece >= 0; piece = PieceBits.Next(_members, piece + 1))
            _start[Bucket(piece) + 1]++;
        for (int b = 1; b <= Buckets; b++)
            _start[b] += _start[b - 1];
        Span<int> next = stackalloc int[Buckets];
        _start.AsSpan(0, Buckets).CopyTo(next);
        int at = _offset, count = _members.PieceCount;
        for (int i = 0; i < count; i++)
        {
            if (_members[at])
                Place(at, next[Bucket(at)]++);
            at = (int)(((long)at + _stride) % count);
        }
    }

    private int Bucket(int piece)
        => (PiecePriority.Urgent - _priority[piece]) * Levels + Math.Min((int)_availability[piece], Levels - 1);

    private void Place(int piece, int position)
    {
        _order[position] = piece;
        _position[piece] = position;
    }

    private void Swap(int piece, int position)
    {
        int other = _order[position];
        Place(other, _position[piece]);
        Place(piece, position);
    }

    private static int Divisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
