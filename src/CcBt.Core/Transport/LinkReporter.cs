using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>
/// Gathers what happens on a link and posts it in few reports: when a control message came, when the leases have fallen to the mark, or
/// when the owner asks. While the owner is behind nothing is posted and reports grow, up to a bound. Thread-safe.
/// </summary>
internal sealed class LinkReporter(IPeerLink link, LeaseTable leases, IPeerLinkEvents events)
{
    private readonly object _gate = new();
    private PeerReport? _report;
    private int _inFlight;
    private bool _isDue;
    private bool _isOver;

    /// <summary>Whether so much has gathered that the link should not be read until the owner has caught up.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
                return _report is { } report && report.Messages.Count + report.Blocks.Count >= Limits.MessagesGathered && _inFlight >= Limits.ReportsInFlight;
        }
    }

    public void Add(in PeerMessage message)
    {
        lock (_gate)
        {
            (_report ??= PeerReport.Rent()).Messages.Add(message);
            _isDue = true;
        }
    }

    public void Add(in BlockReceipt receipt)
    {
        lock (_gate)
            (_report ??= PeerReport.Rent()).Blocks.Add(receipt);
    }

    /// <summary>What one receive brought has been decoded: post it if it is worth a report.</summary>
    public void PostIfDue()
    {
        lock (_gate)
        {
            if (_report is null)
                return;
            _isDue |= leases.TakeMark();
            if (_isDue)
                Post();
        }
    }

    /// <summary>The link has read all there was, and is about to wait.</summary>
    public void Drained() => events.Drained();

    /// <summary>Posts what there is, worth a report or not.</summary>
    public void Flush()
    {
        lock (_gate)
            Post();
    }

    /// <summary>The owner gave a report back.</summary>
    public void Returned()
    {
        lock (_gate)
        {
            _inFlight--;
            if (_isDue)
                Post();
        }
    }

    /// <summary>Posts the rest and nothing afterwards.</summary>
    public void Close()
    {
        lock (_gate)
        {
            // What came before the end counts, however far the owner is behind.
            _inFlight = 0;
            Post();
            _isOver = true;
        }
    }

    // Posting under the lock keeps the reports in order.
    private void Post()
    {
        if (_report is not { IsEmpty: false } report || _isOver)
        {
            _isDue = false;
            return;
        }
        if (_inFlight >= Limits.ReportsInFlight)
        {
            _isDue = true;
            return;
        }
        _report = null;
        _isDue = false;
        _inFlight++;
        report.OutstandingLeases = leases.Outstanding;
        report.Reporter = this;
        events.Reported(link, report);
    }
}
