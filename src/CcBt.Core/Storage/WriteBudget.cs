using System.Numerics;

namespace CcBt.Core.Storage;

/// <summary>
/// The pooled buffers that all torrents of a client share for pieces in flight. Thread-safe. What is lent never
/// exceeds <see cref="Capacity"/>; what is lent and kept idle together does not either.
/// </summary>
internal sealed class WriteBudget
{
    private const int SmallestShift = 14;
    private const int LargestShift = 20;

    private readonly object _gate = new();
    private readonly Stack<WriteBuffer>[] _idle = new Stack<WriteBuffer>[LargestShift - SmallestShift + 1];
    private long _lent;
    private long _kept;
    private bool _isStarved;

    public WriteBudget(long capacity = Limits.WriteBudgetBytes)
    {
        Capacity = capacity;
        for (int i = 0; i < _idle.Length; i++)
            _idle[i] = new Stack<WriteBuffer>();
    }

    /// <summary>Raised on any thread when, after a refusal, an eighth of the budget is free again.</summary>
    public event Action? Freed;

    public long Capacity { get; }

    /// <summary>Bytes on loan now.</summary>
    public long Lent
    {
        get
        {
            lock (_gate)
                return _lent;
        }
    }

    /// <summary>The size of the buffer that a request for <paramref name="length"/> bytes gets.</summary>
    public static int BufferSize(int length) => 1 << (SmallestShift + ClassOf(length));

    /// <summary>Lends <paramref name="runs"/> buffers of at least <paramref name="length"/> bytes, or none.</summary>
    public bool TryRent(int runs, int length, Span<WriteBuffer?> buffers)
    {
        int size = BufferSize(length), index = ClassOf(length);
        int ready = 0;
        lock (_gate)
        {
            if (_lent + (long)runs * size > Capacity)
            {
                _isStarved = true;
                return false;
            }
            _lent += (long)runs * size;
            while (ready < runs && _idle[index].TryPop(out WriteBuffer? buffer))
                buffers[ready++] = buffer;
            _kept -= (long)ready * size;
            MakeRoom();
        }
        for (; ready < runs; ready++)
            buffers[ready] = new WriteBuffer(size);
        return true;
    }

    public void Return(WriteBuffer buffer)
    {
        bool tell;
        lock (_gate)
        {
            _lent -= buffer.Capacity;
            if (_lent + _kept + buffer.Capacity <= Capacity)
            {
                _idle[ClassOf(buffer.Capacity)].Push(buffer);
                _kept += buffer.Capacity;
            }
            tell = _isStarved && Capacity - _lent >= Capacity / 8;
            if (tell)
                _isStarved = false;
        }
        if (tell)
            Freed?.Invoke();
    }

    /// <summary>Lets go of idle buffers of other sizes until lent and idle fit together.</summary>
    private void MakeRoom()
    {
        for (int i = _idle.Length - 1; i >= 0 && _lent + _kept > Capacity; i--)
        {
            while (_lent + _kept > Capacity && _idle[i].TryPop(out WriteBuffer? buffer))
                _kept -= buffer.Capacity;
        }
    }

    private static int ClassOf(int length)
    {
        int shift = length <= 1 << SmallestShift ? SmallestShift : 32 - BitOperations.LeadingZeroCount((uint)length - 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shift, LargestShift, nameof(length));
        return shift - SmallestShift;
    }
}
