using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>
/// The blocks that a link may request and receive. The owner adds and takes back; the receive loop opens and ends blocks. Thread-safe,
/// but only one loop receives.
/// </summary>
internal sealed class LeaseTable(int linkId)
{
    private readonly object _gate = new();
    private readonly Dictionary<BlockAddress, IBlockDestination> _leases = [];
    private BlockAddress _current;
    private bool _isReceiving;
    private IBlockDestination? _claimed;
    private int _reportMark;
    private bool _isMarkSet;
    private bool _isVoid;
    private bool _isOver;

    public int Outstanding
    {
        get
        {
            lock (_gate)
                return _leases.Count;
        }
    }

    /// <summary>Adds a lease. False when it is there already, when there are too many, or when a peer without the fast extension chokes us.</summary>
    public bool TryAdd(in BlockLease lease)
    {
        lock (_gate)
            return !_isVoid && !_isOver && _leases.Count < Limits.LeasesPerLink && _leases.TryAdd(lease.Block, lease.Destination);
    }

    /// <summary>A report falls due once, when no more leases than this are left.</summary>
    public void SetMark(int reportMark)
    {
        lock (_gate)
        {
            _reportMark = reportMark;
            _isMarkSet = true;
        }
    }

    /// <summary>Whether the mark, or the end of all leases, was reached; says so once.</summary>
    public bool TakeMark()
    {
        lock (_gate)
        {
            if (!_isMarkSet || _leases.Count > _reportMark)
                return false;
            // The end of all leases is worth a report even when the mark was passed before.
            _isMarkSet = _leases.Count > 0 && _reportMark > 0;
            _reportMark = 0;
            return true;
        }
    }

    /// <summary>Takes a lease back, unless its block is being received. True when a cancel should be sent.</summary>
    public bool TryCancel(in BlockAddress block)
    {
        lock (_gate)
            return !(_isReceiving && _current == block) && _leases.Remove(block);
    }

    /// <summary>The peer rejected a request.</summary>
    public void Reject(in BlockAddress block)
    {
        lock (_gate)
            _leases.Remove(block);
    }

    /// <summary>A peer without the fast extension choked us: it has dropped all our requests, and will drop those on their way.</summary>
    public void Void()
    {
        lock (_gate)
        {
            _isVoid = true;
            _leases.Clear();
        }
    }

    /// <summary>The peer unchoked us.</summary>
    public void Restore()
    {
        lock (_gate)
            _isVoid = false;
    }

    /// <summary>A block's payload begins. True with its memory when it is leased and nobody else receives it.</summary>
    public bool TryOpen(in BlockAddress block, out Memory<byte> memory)
    {
        memory = default;
        IBlockDestination? destination;
        lock (_gate)
        {
            _current = block;
            _isReceiving = true;
            if (!_leases.TryGetValue(block, out destination))
                return false;
        }
        if (!destination.TryClaim(block, linkId, out memory))
            return false;
        memory = memory[..block.Length];
        _claimed = destination;
        return true;
    }

    /// <summary>The payload came in whole.</summary>
    public void End(in BlockAddress block)
    {
        IBlockDestination? claimed = _claimed;
        _claimed = null;
        lock (_gate)
        {
            _isReceiving = false;
            _leases.Remove(block);
        }
        claimed?.Complete(block, linkId);
    }

    /// <summary>The link is over and its loops have left: a claim is abandoned and all leases are given up.</summary>
    public void GiveUp()
    {
        IBlockDestination? claimed = _claimed;
        _claimed = null;
        lock (_gate)
        {
            _isOver = true;
            _leases.Clear();
        }
        claimed?.Abandon(_current, linkId);
    }
}
