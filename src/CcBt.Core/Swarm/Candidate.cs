using CcBt.Core.Addressing;

namespace CcBt.Core.Swarm;

/// <summary>An address in the pool.</summary>
internal sealed class Candidate(PeerAddress key, PeerAddress address, TimeSpan now)
{
    public PeerAddress Key { get; } = key;

    public PeerAddress Address { get; set; } = address;

    public CandidateState State { get; set; }

    public TimeSpan LastSeen { get; set; } = now;

    public TimeSpan NextAttempt { get; set; }

    public int Failures { get; set; }

    /// <summary>Among equals the higher one is dialed first.</summary>
    public uint Priority { get; set; }

    /// <summary>It had everything when it was linked last.</summary>
    public bool IsSeed { get; set; }

    /// <summary>When its last link ended over which blocks had gone; null when there was none.</summary>
    public TimeSpan? UsefulAt { get; set; }

    /// <summary>One bit for each <see cref="PeerSource"/> that named it.</summary>
    public int Sources { get; private set; }

    /// <summary>Somebody asked for this very peer: it is tried again and again, at growing distances.</summary>
    public bool IsPinned => (Sources & (Bit(PeerSource.Manual) | Bit(PeerSource.Magnet))) != 0;

    public bool IsOnlyFromPex => Sources == Bit(PeerSource.PeerExchange);

    /// <summary>Only sources named it that a private torrent must not use (BEP 27).</summary>
    public bool IsOnlyPublic
        => (Sources & ~(Bit(PeerSource.PeerExchange) | Bit(PeerSource.Dht) | Bit(PeerSource.LocalDiscovery))) == 0;

    /// <summary>Lower is better.</summary>
    public int Rank { get; private set; } = int.MaxValue;

    public void Name(PeerSource source)
    {
        Sources |= Bit(source);
        Rank = Math.Min(Rank, RankOf(source));
    }

    private static int Bit(PeerSource source) => 1 << (int)source;

    private static int RankOf(PeerSource source) => source switch
    {
        PeerSource.Manual => 0,
        PeerSource.Magnet => 1,
        PeerSource.LocalDiscovery => 2,
        PeerSource.Tracker => 3,
        PeerSource.Inbound => 3,
        PeerSource.SavedState => 4,
        PeerSource.Dht => 5,
        _ => 6,
    };
}
