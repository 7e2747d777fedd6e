using System.Buffers;
using CcBt.Core.Metainfo;
using CcBt.Core.Wire;

namespace CcBt.Core.Storage;

/// <summary>
/// One piece in flight. Any thread may claim and complete blocks; at every instant at most one of them, the driver, hashes and
/// writes, outside the lock. Bytes are hashed in order as they come. A piece that fits the buffers is written once it is
/// proved; a larger one is written run by run, and runs that came too early are read back when their turn to be hashed comes.
/// </summary>
internal sealed class PieceAssembly : IBlockDestination
{
    private const int BlocksPerRun = Limits.RunBytes / BlockAddress.Size;
    private static readonly byte[] Zeros = new byte[BlockAddress.Size];

    private readonly object _gate = new();
    private readonly PieceTable _table;
    private readonly BlockState[] _states;
    private readonly int[] _links;
    private readonly WriteBuffer?[] _runs;
    private readonly int[] _runMissing;
    private readonly bool[] _isRunStored;
    private readonly Stack<int> _fullRuns = new();
    private readonly PieceSegments _segments = new();
    private readonly bool _isLarge;
    private IPieceCheck? _check;
    private IPieceCheck? _finishedCheck;
    private int _piece = -1;
    private int _length;
    private int _claims;
    private int _hashed;
    private bool _isDriven;
    private bool _isReleased;

    public PieceAssembly(PieceTable table)
    {
        _table = table;
        int most = BlocksIn(table.Layout.PieceLength);
        _isLarge = table.Layout.PieceLength > Limits.BufferedPieceBytes;
        _states = new BlockState[most];
        _links = new int[most];
        int runs = (most + BlocksPerRun - 1) / BlocksPerRun;
        _runs = new WriteBuffer?[runs];
        _runMissing = new int[runs];
        _isRunStored = new bool[runs];
    }

    private enum BlockState : byte
    {
        Free = 0,
        Claimed,
        Received,
        Padding,
    }

    private enum Step
    {
        Stop,
        Hash,
        HashStored,
        Store,
        Finish,
        Recycle,
    }

    /// <summary>-1 when it is over.</summary>
    public int Piece => Volatile.Read(ref _piece);

    /// <summary>Whether the block needs nobody to send it: it came already, or it is padding (BEP 47).</summary>
    public bool IsReceived(int begin)
    {
        lock (_gate)
            return _states[begin / BlockAddress.Size] is BlockState.Received or BlockState.Padding;
    }

    /// <summary>
    /// Makes sure that a block of a piece over 4 MiB has a buffer to come to; call it before the block is leased. False when the
    /// write budget is used up. Smaller pieces always have theirs.
    /// </summary>
    public bool TryPrepare(int begin)
    {
        lock (_gate)
            return !_isReleased && EnsureRun(begin / Limits.RunBytes);
    }

    public bool TryClaim(in BlockAddress block, int linkId, out Memory<byte> memory)
    {
        memory = default;
        int index = block.Begin / BlockAddress.Size;
        lock (_gate)
        {
            if (block.Piece != _piece || _isReleased || block.Begin % BlockAddress.Size != 0 || (uint)block.Begin >= (uint)_length
                || block.Length != LengthOf(index) || _states[index] != BlockState.Free || !EnsureRun(index / BlocksPerRun))
                return false;
            _states[index] = BlockState.Claimed;
            _links[index] = linkId;
            _claims++;
            memory = _runs[index / BlocksPerRun]!.Memory.Slice(block.Begin % Limits.RunBytes, block.Length);
            return true;
        }
    }

    public void Complete(in BlockAddress block, int linkId)
    {
        int index = block.Begin / BlockAddress.Size;
        lock (_gate)
        {
            CheckClaim(block, index, linkId);
            _states[index] = BlockState.Received;
            _claims--;
            int run = index / BlocksPerRun;
            if (--_runMissing[run] == 0 && _isLarge)
                _fullRuns.Push(run);
        }
        Drive();
    }

    public void Abandon(in BlockAddress block, int linkId)
    {
        int index = block.Begin / BlockAddress.Size;
        lock (_gate)
        {
            CheckClaim(block, index, linkId);
            _states[index] = BlockState.Free;
            _claims--;
        }
        Drive();
    }

    /// <summary>Sets up an idle assembly for a piece. False when the budget has no buffers for it.</summary>
    public bool TryBegin(int piece)
    {
        lock (_gate)
        {
            int length = _table.Layout.PieceSize(piece);
            int blocks = BlocksIn(length), runs = (blocks + BlocksPerRun - 1) / BlocksPerRun;
            // A large piece begins with one run, so that it is refused while the budget is used up.
            if (!_table.Budget.TryRent(_isLarge ? 1 : runs, Math.Min(length, Limits.RunBytes), _runs))
                return false;
            _length = length;
            _hashed = 0;
            _claims = 0;
            _isReleased = false;
            _states.AsSpan(0, blocks).Clear();
            _isRunStored.AsSpan().Clear();
            for (int run = 0; run < runs; run++)
                _runMissing[run] = Math.Min(BlocksPerRun, blocks - run * BlocksPerRun);
            MarkPadding(piece);
            _check = _table.Verifier.Begin(piece, _finishedCheck);
            _finishedCheck = null;
            Volatile.Write(ref _piece, piece);
            return true;
        }
    }

    /// <summary>Gives the piece up; its buffers go back when the last claim has ended.</summary>
    public void Release(int piece)
    {
        lock (_gate)
        {
            if (_piece != piece)
                return;
            _isReleased = true;
        }
        Drive();
    }

    /// <summary>Lets go of what an idle assembly keeps for its next piece: there will be none.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _finishedCheck?.Dispose();
            _finishedCheck = null;
        }
    }

    /// <summary>Does what there is to do, unless another thread does it already.</summary>
    public void Drive()
    {
        lock (_gate)
        {
            if (_isDriven)
                return;
            _isDriven = true;
        }
        try
        {
            while (DoNext())
            {
            }
        }
        catch (TorrentStorageException error)
        {
            End(isGood: false, error);
        }
    }

    private bool DoNext()
    {
        int first, count;
        Step step;
        lock (_gate)
        {
            step = NextStep(out first, out count);
            if (step == Step.Stop)
                _isDriven = false;
        }
        switch (step)
        {
            case Step.Hash:
                HashBlocks(first, count);
                return true;
            case Step.HashStored:
                HashStoredRun(first, count);
                return true;
            case Step.Store:
                StoreRun(first);
                return true;
            case Step.Finish:
                Finish();
                return false;
            case Step.Recycle:
                Recycle();
                return false;
            default:
                return false;
        }
    }

    /// <summary>For <see cref="Step.Hash"/> and <see cref="Step.HashStored"/> a block and how many; for <see cref="Step.Store"/> a run.</summary>
    private Step NextStep(out int first, out int count)
    {
        first = count = 0;
        if (_piece < 0)
            return Step.Stop;
        if (_isReleased)
            return _claims == 0 ? Step.Recycle : Step.Stop;
        int blocks = BlocksIn(_length), run = _hashed / BlocksPerRun;
        if (_fullRuns.TryPeek(out int full) && (full != run || _hashed == blocks))
        {
            first = _fullRuns.Pop();
            return Step.Store;
        }
        if (_hashed == blocks)
            return Step.Finish;
        first = _hashed;
        int end = Math.Min(blocks, (run + 1) * BlocksPerRun);
        if (_isRunStored[run])
        {
            count = end - first;
            return Step.HashStored;
        }
        while (first + count < end && _states[first + count] is BlockState.Received or BlockState.Padding)
            count++;
        return count > 0 ? Step.Hash : Step.Stop;
    }

    private void HashBlocks(int first, int count)
    {
        WriteBuffer? buffer = _runs[first / BlocksPerRun];
        for (int i = first; i < first + count; i++)
        {
            // Padding is never received, so its buffer holds whatever was there before.
            _check!.Append(_states[i] == BlockState.Padding
                ? Zeros.AsSpan(0, LengthOf(i))
                : buffer!.Span.Slice(i % BlocksPerRun * BlockAddress.Size, LengthOf(i)));
        }
        Advance(count);
    }

    private void HashStoredRun(int first, int count)
    {
        int begin = first * BlockAddress.Size, length = Math.Min(count * BlockAddress.Size, _length - begin);
        byte[] scratch = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            _table.Shelf.ReadBack(_piece, begin, scratch.AsSpan(0, length));
            _check!.Append(scratch.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
        Advance(count);
    }

    private void Advance(int count)
    {
        lock (_gate)
            _hashed += count;
    }

    private void StoreRun(int run)
    {
        int begin = run * Limits.RunBytes, length = Math.Min(Limits.RunBytes, _length - begin);
        WriteBuffer buffer = _runs[run]!;
        WriteSegments(begin, length, run, 1);
        lock (_gate)
        {
            _isRunStored[run] = true;
            _runs[run] = null;
        }
        _table.Budget.Return(buffer);
    }

    private void WriteSegments(int begin, int length, int firstRun, int runs)
    {
        _segments.Clear();
        for (int run = firstRun; run < firstRun + runs; run++)
            _segments.Add(_runs[run]!.Memory[..Math.Min(Limits.RunBytes, _length - run * Limits.RunBytes)]);
        _table.Shelf.Write(_piece, begin, length, _segments);
    }

    private void Finish()
    {
        bool isGood = _check!.Finish();
        _finishedCheck = _check;
        if (isGood && !_isLarge)
            WriteSegments(0, _length, 0, (_length + Limits.RunBytes - 1) / Limits.RunBytes);
        End(isGood, null);
    }

    /// <summary>Reports the piece. Only the driver comes here, so it happens once.</summary>
    private void End(bool isGood, TorrentStorageException? error)
    {
        int piece = _piece;
        bool isSilent;
        lock (_gate)
        {
            // What was given up meanwhile is reported only when it is good, for then it is stored and had.
            isSilent = _isReleased && !isGood;
            _isReleased = true;
        }
        PieceVerdict? verdict = isSilent ? null : PieceVerdict.Rent(piece, isGood, error);
        if (verdict is not null)
            AddContributions(verdict);
        if (isGood)
            _table.Shelf.SetVerified(piece);
        _table.Remove(this, piece, isGood);
        bool isIdle;
        lock (_gate)
        {
            isIdle = _claims == 0;
            if (!isIdle)
                _isDriven = false;
        }
        if (isIdle)
            Recycle();
        if (verdict is not null)
            _table.Shelf.Report(verdict);
    }

    private void AddContributions(PieceVerdict verdict)
    {
        bool withDigests = verdict.WriteError is null && (!verdict.IsGood || _table.WantsDigests(verdict.Piece));
        byte[]? scratch = withDigests && _isLarge ? new byte[BlockAddress.Size] : null;
        verdict.HasDigests = withDigests;
        for (int i = 0; i < BlocksIn(_length); i++)
        {
            if (_states[i] != BlockState.Received)
                continue;
            BlockDigest digest = default;
            if (verdict.HasDigests && !TryDigest(i, scratch, out digest))
                verdict.HasDigests = false;
            verdict.Contributions.Add(new BlockContribution(i, _links[i], digest));
        }
    }

    private bool TryDigest(int index, byte[]? scratch, out BlockDigest digest)
    {
        int begin = index * BlockAddress.Size, length = LengthOf(index);
        digest = default;
        try
        {
            ReadOnlySpan<byte> block;
            if (scratch is null)
                block = _runs[index / BlocksPerRun]!.Span.Slice(begin % Limits.RunBytes, length);
            else
            {
                _table.Shelf.ReadBack(_piece, begin, scratch.AsSpan(0, length));
                block = scratch.AsSpan(0, length);
            }
            digest = BlockDigest.Compute(block);
            return true;
        }
        catch (TorrentStorageException)
        {
            // Without the bytes nobody can be blamed; the piece itself has its verdict all the same.
            return false;
        }
    }

    /// <summary>Gives everything back. The driver alone comes here, with no claim open.</summary>
    private void Recycle()
    {
        lock (_gate)
        {
            Volatile.Write(ref _piece, -1);
            _fullRuns.Clear();
            // Kept for the next piece once it is finished: a hash costs an object of the operating system's library.
            if (_finishedCheck is null)
                _check!.Dispose();
            _check = null;
        }
        // Outside the lock: a returned buffer may raise the budget's event.
        for (int run = 0; run < _runs.Length; run++)
        {
            if (_runs[run] is { } buffer)
                _table.Budget.Return(buffer);
            _runs[run] = null;
        }
        lock (_gate)
            _isDriven = false;
        _table.Recycle(this);
    }

    private void MarkPadding(int piece)
    {
        int at = 0;
        foreach (FileSlice slice in _table.Layout.Slices(piece))
        {
            int first = (at + BlockAddress.Size - 1) / BlockAddress.Size;
            at += slice.Length;
            int end = at == _length ? BlocksIn(_length) : at / BlockAddress.Size;
            if (!slice.IsPadding)
                continue;
            for (int i = first; i < end; i++)
            {
                _states[i] = BlockState.Padding;
                _runMissing[i / BlocksPerRun]--;
            }
        }
    }

    private bool EnsureRun(int run)
        => _runs[run] is not null || (!_isRunStored[run] && _table.Budget.TryRent(1, Limits.RunBytes, _runs.AsSpan(run, 1)));

    private void CheckClaim(in BlockAddress block, int index, int linkId)
    {
        if (block.Piece != _piece || _states[index] != BlockState.Claimed || _links[index] != linkId)
            throw new InvalidOperationException($"Link {linkId} has no claim on {block}.");
    }

    private int LengthOf(int index) => Math.Min(BlockAddress.Size, _length - index * BlockAddress.Size);

    private static int BlocksIn(int length) => (length + BlockAddress.Size - 1) / BlockAddress.Size;
}
