using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>A simulated peer: what it has and how it behaves.</summary>
internal sealed class VirtualPeer(PeerAddress address)
{
    public PeerAddress Address { get; } = address;

    public double BytesPerSecond { get; init; } = 1_000_000;

    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Share of its blocks that it falsifies.</summary>
    public double Poison { get; init; }

    public bool IsSilent { get; init; }

    public bool NeverUnchokes { get; init; }

    public bool IsFast { get; init; } = true;

    public bool IsUnreachable { get; init; }

    /// <summary>Rejects every request though it unchoked.</summary>
    public bool Rejects { get; init; }

    /// <summary>Null: it has everything.</summary>
    public PieceSet? Has { get; init; }

    public bool WasBanned { get; set; }

    public long SentBlocks { get; set; }

    public int Link { get; set; } = -1;

    public TimeSpan BusyUntil { get; set; }

    public List<BlockAddress> Leased { get; } = [];

    public List<BlockReceipt> Unreported { get; } = [];

    public int ReportMark { get; set; }

    public int MostLeased { get; set; }

    public int Reports { get; set; }
}
