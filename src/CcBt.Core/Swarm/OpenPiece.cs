namespace CcBt.Core.Swarm;

/// <summary>
/// A piece that has been begun. A block is free, asked or received; a free one may still be open at a supplier that was
/// given up on. Invariant: free + asked + received = <see cref="BlockCount"/>.
/// </summary>
internal sealed class OpenPiece
{
    private const byte Free = 0;
    private const byte Asked = 1;
    private const byte Received = 2;

    private byte[] _state = [];
    private Supplier?[] _askers = [];
    private int _lowestFree;

    public int Piece { get; private set; }

    public int BlockCount { get; private set; }

    /// <summary>Never the same for two beginnings, so that answers to a former one are known.</summary>
    public int Attempt { get; private set; }

    public int FreeCount { get; private set; }

    public int AskedCount { get; private set; }

    public int ReceivedCount { get; private set; }

    /// <summary>Blocks that a link reported as received by somebody else, while nobody else was asked.</summary>
    public int AssumedCount { get; set; }

    /// <summary>The one that takes its blocks in order; others join only when it is slow.</summary>
    public Supplier? Primary { get; set; }

    /// <summary>The piece was bad once: a single supplier gets it, so that the next verdict is about one.</summary>
    public bool IsRetry { get; private set; }

    /// <summary>An answer to a former attempt can still be due, so that suppliers are looked at before they are asked again.</summary>
    public bool MayBeOwed { get; set; }

    /// <summary>Whether more than one supplier has had a part in this attempt.</summary>
    public bool IsShared { get; private set; }

    public TimeSpan LastActivity { get; set; }

    /// <summary>Where it stands in the list of pieces with free blocks; -1 when not.</summary>
    public int FreeListIndex { get; set; } = -1;

    private Supplier? Sole { get; set; }

    public void Begin(int piece, int blockCount, int attempt, TimeSpan now)
    {
        if (_state.Length < blockCount)
        {
            _state = new byte[blockCount];
            _askers = new Supplier?[blockCount * Limits.RequestersPerBlock];
        }
        Piece = piece;
        BlockCount = blockCount;
        IsRetry = MayBeOwed = false;
        LastActivity = now;
        Reset(attempt);
    }

    /// <summary>The piece was bad: everything is to be fetched again, by one supplier.</summary>
    public void Retry(int attempt, TimeSpan now)
    {
        IsRetry = MayBeOwed = true;
        LastActivity = now;
        Reset(attempt);
    }

    /// <summary>Whether the supplier may take blocks without mixing its part with that of others where that matters.</summary>
    public bool Admits(Supplier supplier)
        => Sole is null || Sole == supplier || Primary is null || Primary == supplier || (!IsRetry && !supplier.IsSuspect && !Primary.IsSuspect);

    public bool IsFree(int block) => _state[block] == Free;

    public bool IsReceived(int block) => _state[block] == Received;

    /// <summary>The suppliers asked for the block, or for a received one its giver.</summary>
    public ReadOnlySpan<Supplier?> Askers(int block)
        => _askers.AsSpan(block * Limits.RequestersPerBlock, Limits.RequestersPerBlock);

    public int CountAskers(int block)
    {
        int count = 0;
        foreach (Supplier? asker in Slots(block))
            count += asker is null ? 0 : 1;
        return count;
    }

    public int NextFree(int from)
    {
        for (int block = Math.Max(from, _lowestFree); block < BlockCount; block++)
        {
            if (_state[block] != Free)
                continue;
            if (from <= _lowestFree)
                _lowestFree = block;
            return block;
        }
        return -1;
    }

    /// <summary>Where the last <paramref name="count"/> free blocks begin; for one who joins and leaves the order to the primary.</summary>
    public int LastFree(int count)
    {
        int found = -1;
        for (int block = BlockCount - 1; block >= _lowestFree && count > 0; block--)
        {
            if (_state[block] != Free)
                continue;
            found = block;
            count--;
        }
        return found;
    }

    /// <summary>Notes that the block is asked from the supplier. False when it is already, or enough others are.</summary>
    public bool TryAsk(int block, Supplier supplier)
    {
        Span<Supplier?> askers = Slots(block);
        if (_state[block] == Received || IndexOf(askers, supplier) >= 0)
            return false;
        int slot = IndexOf(askers, null);
        if (slot < 0)
            return false;
        askers[slot] = supplier;
        Sole ??= supplier;
        IsShared |= Sole != supplier;
        if (_state[block] == Free)
            Move(block, Asked);
        return true;
    }

    /// <summary>The supplier is not asked any more; without another asker the block is free again.</summary>
    public void Release(int block, Supplier supplier)
    {
        Span<Supplier?> askers = Slots(block);
        int slot = IndexOf(askers, supplier);
        if (slot < 0 || _state[block] == Received)
            return;
        askers[slot] = null;
        if (_state[block] == Asked && CountAskers(block) == 0)
            Move(block, Free);
        if (AskedCount == 0 && ReceivedCount == 0)
            (Sole, IsShared) = (null, false);
    }

    /// <summary>Lets others be asked too, without taking it from who is.</summary>
    public void Offer(int block)
    {
        if (_state[block] == Asked)
            Move(block, Free);
    }

    /// <summary>The block came; its askers are to be told by the caller beforehand. False when it had come already.</summary>
    public bool TryReceive(int block, Supplier? giver)
    {
        if (_state[block] == Received)
            return false;
        Move(block, Received);
        Span<Supplier?> askers = Slots(block);
        askers.Clear();
        askers[0] = giver;
        if (giver is not null)
        {
            Sole ??= giver;
            IsShared |= Sole != giver;
        }
        return true;
    }

    /// <summary>Takes back what was only assumed to have come; or, with <paramref name="all"/>, everything that is said to have come.</summary>
    public void Doubt(bool all = false)
    {
        AssumedCount = 0;
        for (int block = 0; block < BlockCount; block++)
        {
            if (_state[block] != Received || (!all && Slots(block)[0] is not null))
                continue;
            Slots(block).Clear();
            Move(block, Free);
        }
    }

    private static int IndexOf(ReadOnlySpan<Supplier?> askers, Supplier? supplier)
    {
        for (int i = 0; i < askers.Length; i++)
        {
            if (askers[i] == supplier)
                return i;
        }
        return -1;
    }

    private Span<Supplier?> Slots(int block)
        => _askers.AsSpan(block * Limits.RequestersPerBlock, Limits.RequestersPerBlock);

    private void Reset(int attempt)
    {
        Array.Clear(_state, 0, BlockCount);
        Array.Clear(_askers, 0, BlockCount * Limits.RequestersPerBlock);
        FreeCount = BlockCount;
        AskedCount = ReceivedCount = AssumedCount = _lowestFree = 0;
        Primary = Sole = null;
        IsShared = false;
        Attempt = attempt;
    }

    private void Move(int block, byte state)
    {
        Count(_state[block], -1);
        _state[block] = state;
        Count(state, 1);
        if (state == Free && block < _lowestFree)
            _lowestFree = block;
    }

    private void Count(byte state, int change)
    {
        if (state == Free)
            FreeCount += change;
        else if (state == Asked)
            AskedCount += change;
        else
            ReceivedCount += change;
    }
}
