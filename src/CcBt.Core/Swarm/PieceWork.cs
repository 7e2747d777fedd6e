using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>What an armed torrent has, lacks and is at work on.</summary>
internal sealed class PieceWork
{
    private readonly SwarmOptions _options;
    private readonly Random _random;
    private readonly Stack<OpenPiece> _spare = new();
    private readonly List<(int Piece, TimeSpan Until)> _resting = [];
    private PieceSet _wanted;
    private HashSet<int>? _owed;
    private int _attempts;

    public PieceWork(PieceMap map, PieceSet have, PieceSet wanted, SwarmOptions options, Random random, List<SwarmLink> links)
    {
        Map = map;
        Have = have.Clone();
        _wanted = wanted.Clone();
        _options = options;
        _random = random;
        Missing = PieceBits.Missing(_wanted, Have);
        CountMissing();
        Reorder(links);
    }

    public PieceMap Map { get; }

    public PieceSet Have { get; }

    /// <summary>Wanted and not had, begun or not.</summary>
    public PieceSet Missing { get; private set; }

    /// <summary>The pieces to begin; null once nothing is missing, so that a seeding torrent stays small.</summary>
    public PieceOrder? Order { get; private set; }

    public Dictionary<int, OpenPiece> Open { get; } = [];

    /// <summary>Open pieces with free blocks.</summary>
    public List<OpenPiece> WithFree { get; } = [];

    public long OpenBytes { get; private set; }

    public long MissingBytes { get; private set; }

    public bool IsComplete => Missing.IsEmpty;

    public bool HasRoom => Open.Count < 2
        || (OpenBytes + Cost(0) <= _options.MaxOpenBytes && Open.Count < _options.MaxOpenPieces);

    public bool BeginsAtRandom => Have.Count + Open.Count < _options.RandomFirstPieces;

    public OpenPiece Begin(int piece, TimeSpan now)
    {
        Order!.Remove(piece);
        if (!_spare.TryPop(out OpenPiece? open))
            open = new OpenPiece();
        open.Begin(piece, Map.BlockCount(piece), ++_attempts, now);
        open.MayBeOwed = _owed?.Contains(piece) == true;
        Open.Add(piece, open);
        OpenBytes += Cost(piece);
        Refresh(open);
        return open;
    }

    /// <summary>Whether the supplier is not asked for the block and there is room for another who is.</summary>
    public static bool CanAsk(OpenPiece piece, int block, Supplier supplier)
    {
        bool room = false;
        foreach (Supplier? asker in piece.Askers(block))
        {
            if (asker == supplier)
                return false;
            room |= asker is null;
        }
        return room && !(piece.MayBeOwed && supplier.Requests.Contains(piece.Piece, block));
    }

    /// <summary>Notes the block as asked from the supplier and adds it to <paramref name="picked"/>.</summary>
    public bool TryAsk(OpenPiece piece, int block, Supplier supplier, TimeSpan now, List<BlockAddress> picked)
    {
        if (!CanAsk(piece, block, supplier) || !piece.TryAsk(block, supplier))
            return false;
        supplier.Requests.Add(new BlockRequest(piece.Piece, block, piece.Attempt, now));
        piece.LastActivity = now;
        picked.Add(Map.Block(piece.Piece, block));
        return true;
    }

    /// <summary>The piece was bad: all of it is to be fetched again, from one supplier.</summary>
    public void Retry(OpenPiece open, TimeSpan now)
    {
        open.Retry(++_attempts, now);
        Refresh(open);
    }

    /// <summary>Keeps the list of pieces with free blocks right after blocks of one changed.</summary>
    public void Refresh(OpenPiece open)
    {
        if (open.FreeCount > 0 && open.FreeListIndex < 0)
        {
            open.FreeListIndex = WithFree.Count;
            WithFree.Add(open);
        }
        else if (open.FreeCount == 0 && open.FreeListIndex >= 0)
        {
            Unlist(open);
        }
    }

    /// <summary>The piece is no longer at work; its object serves another one later.</summary>
    public void End(OpenPiece open)
    {
        Open.Remove(open.Piece);
        OpenBytes -= Cost(open.Piece);
        if (open.FreeListIndex >= 0)
            Unlist(open);
        if (_spare.Count < 256 && open.BlockCount <= 4096)
            _spare.Push(open);
    }

    /// <summary>The piece is verified. False when it was had.</summary>
    public bool TryGain(int piece)
    {
        if (!Have.Add(piece))
            return false;
        if (Missing.Remove(piece))
            MissingBytes -= Map.LengthOf(piece);
        Order?.Remove(piece);
        if (IsComplete)
            Order = null;
        return true;
    }

    /// <summary>A piece that was had is not good any more on disk.</summary>
    public bool TryLose(int piece, List<SwarmLink> links)
    {
        if (!Have.Remove(piece))
            return false;
        ExpectLate(piece);
        if (!_wanted[piece])
            return true;
        Missing.Add(piece);
        MissingBytes += Map.LengthOf(piece);
        if (Order is null)
            Reorder(links);
        else
            Order.Add(piece);
        return true;
    }

    /// <summary>Answers to requests for the piece can still come that say nothing of its next attempt.</summary>
    public void ExpectLate(int piece) => (_owed ??= []).Add(piece);

    public void SetWanted(PieceSet wanted, List<SwarmLink> links)
    {
        _wanted = wanted.Clone();
        Missing = PieceBits.Missing(_wanted, Have);
        _resting.RemoveAll(resting => !Missing[resting.Piece]);
        CountMissing();
        Reorder(links);
    }

    public void Rest(int piece, TimeSpan until) => _resting.Add((piece, until));

    /// <summary>Puts rested pieces back; the moment the next one is due.</summary>
    public TimeSpan EndRests(TimeSpan now)
    {
        TimeSpan next = TimeSpan.MaxValue;
        for (int i = _resting.Count - 1; i >= 0; i--)
        {
            (int piece, TimeSpan until) = _resting[i];
            if (until > now)
            {
                next = until < next ? until : next;
                continue;
            }
            _resting.RemoveAt(i);
            if (Missing[piece] && !Open.ContainsKey(piece))
                Order?.Add(piece);
        }
        return next;
    }

    private long Cost(int piece) => Math.Min(Map.LengthOf(piece), _options.MostHeldOfPiece);

    private void CountMissing()
    {
        MissingBytes = 0;
        for (int piece = PieceBits.Next(Missing, 0); piece >= 0; piece = PieceBits.Next(Missing, piece + 1))
            MissingBytes += Map.LengthOf(piece);
    }

    private void Reorder(List<SwarmLink> links)
    {
        PieceOrder? former = Order;
        Order = null;
        if (IsComplete)
            return;
        Order = new PieceOrder(Map.PieceCount, _random);
        foreach (SwarmLink link in links)
        {
            if (!link.IsClosing)
                Order.AddPeer(link.Pieces);
        }
        for (int piece = PieceBits.Next(Missing, 0); piece >= 0; piece = PieceBits.Next(Missing, piece + 1))
        {
            if (!Open.ContainsKey(piece))
                Order.Add(piece);
        }
        foreach ((int piece, _) in _resting)
            Order.Remove(piece);
        if (former is not null)
            Order.CopyPriorities(former);
    }

    private void Unlist(OpenPiece open)
    {
        OpenPiece last = WithFree[^1];
        WithFree[open.FreeListIndex] = last;
        last.FreeListIndex = open.FreeListIndex;
        WithFree.RemoveAt(WithFree.Count - 1);
        open.FreeListIndex = -1;
    }
}
