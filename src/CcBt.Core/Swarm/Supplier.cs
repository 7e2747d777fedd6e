namespace CcBt.Core.Swarm;

/// <summary>
/// Something that blocks can be requested from, as the picker sees it: what it has, how much it takes at once, what it
/// costs. A peer is one; a range server is another, and needs nothing of a peer.
/// </summary>
internal abstract class Supplier(int id, TimeSpan now)
{
    public int Id { get; } = id;

    public PeerPieces Pieces { get; } = new();

    public RequestWindow Window { get; } = new();

    public RequestQueue Requests { get; } = new();

    public RateMeter Download { get; } = new(now);

    /// <summary>The piece it works on, which it goes on with first, at the attempt it was at then.</summary>
    public (int Piece, int Attempt)? Current { get; set; }

    /// <summary>It had a part in a bad piece that is not settled: it shares no piece with others, so that its next mistake is its own.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>It owes blocks for too long; others may be asked for the same.</summary>
    public bool IsSnubbed { get; set; }

    /// <summary>It could take more than there was to ask for.</summary>
    public bool IsHungry { get; set; }

    public int CancelsSent { get; set; }

    /// <summary>Set while it waits in the list of those to be given requests.</summary>
    public bool IsQueued { get; set; }

    public TimeSpan LastBlockAt { get; set; } = now;

    public TimeSpan LastAskedAt { get; set; } = now;

    /// <summary>Whether it may be asked for anything at all now.</summary>
    public abstract bool IsReady { get; }

    /// <summary>It costs money or favours: it is left out where others can do (end game).</summary>
    public abstract bool IsCostly { get; }

    /// <summary>Whether it has ever sent what it was asked for.</summary>
    public abstract bool IsProven { get; }

    /// <summary>When not null, the only pieces it serves now.</summary>
    public abstract IReadOnlyList<int>? Only { get; }

    /// <summary>Pieces that it would rather serve.</summary>
    public abstract IReadOnlyList<int> Hints { get; }

    /// <summary>When it named the last one.</summary>
    public TimeSpan HintedAt { get; protected set; }

    /// <summary>Whether it has the piece and would serve it now.</summary>
    public abstract bool CanServe(int piece);

    /// <summary>Blocks have been due for longer than its rate explains.</summary>
    public bool IsStalled(TimeSpan now)
    {
        if (Requests.Count == 0)
            return false;
        TimeSpan since = LastBlockAt > LastAskedAt ? LastBlockAt : LastAskedAt;
        double expected = Math.Min(Requests.Count, Window.Size) / 2.0 * Wire.BlockAddress.Size / Math.Max(Download.BytesPerSecond(now), 8192);
        return IsSnubbed || (now - since).TotalSeconds > 3 + Math.Min(2 * expected, 4);
    }

    /// <summary>Seconds until <paramref name="extra"/> more blocks would have come behind those that are open.</summary>
    public double SecondsFor(int extra, TimeSpan now)
    {
        double rate = Download.BytesPerSecond(now);
        return (Requests.Count + extra) * (double)Wire.BlockAddress.Size / Math.Max(rate, 16 * 1024) + Window.RoundTrip.TotalSeconds;
    }
}
