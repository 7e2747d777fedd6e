using System.Collections.Concurrent;
using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>What happened on a link since its last report; pooled, so that a busy link allocates none.</summary>
internal sealed class PeerReport
{
    private const int MostKept = 256;
    private static readonly ConcurrentBag<PeerReport> Pool = [];

    private PeerReport()
    {
    }

    /// <summary>Control messages in the order they came.</summary>
    public List<PeerMessage> Messages { get; } = [];

    /// <summary>Blocks whose payload came in whole, in order.</summary>
    public List<BlockReceipt> Blocks { get; } = [];

    /// <summary>Leases that are still open after these receipts.</summary>
    public int OutstandingLeases { get; set; }

    /// <summary>Told when the report comes back, so that a link does not outrun the owner.</summary>
    public LinkReporter? Reporter { get; set; }

    public bool IsEmpty => Messages.Count == 0 && Blocks.Count == 0;

    public static PeerReport Rent() => Pool.TryTake(out PeerReport? report) ? report : new PeerReport();

    public void Return()
    {
        Messages.Clear();
        Blocks.Clear();
        OutstandingLeases = 0;
        LinkReporter? reporter = Reporter;
        Reporter = null;
        if (Pool.Count < MostKept)
            Pool.Add(this);
        reporter?.Returned();
    }
}
