using CcBt.Core.Addressing;

namespace CcBt.Core.Swarm;

/// <summary>
/// Which link gives its place to a newcomer when all places are taken: the one over which no block has moved for longest. What its peer says of itself
/// counts for little, so that strangers who claim interest, or choke us for ever, cannot keep everybody else out.
/// </summary>
internal sealed class Turnover(LinkTable links, SwarmOptions options)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(Limits.WaitingLinkSeconds);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(Limits.IdlePeerRestSeconds);
    private static readonly TimeSpan LeastTurn = TimeSpan.FromSeconds(30);

    private readonly Dictionary<PeerAddress, TimeSpan> _putOff = [];

    public SwarmLink? FindIdle(TimeSpan now)
    {
        SwarmLink? longest = null;
        foreach (SwarmLink link in links.All)
        {
            if (!link.IsClosing && IsIdle(link, now) && (longest is null || link.MovedAt < longest.MovedAt))
                longest = link;
        }
        return longest;
    }

    /// <summary>The link that an inbound newcomer may have the place of. Who lost one lately takes none from others, else strangers take turns.</summary>
    public SwarmLink? FindFor(PeerAddress newcomer, TimeSpan now)
        => now < _putOff.GetValueOrDefault(PeerKey.ForBlame(newcomer)) ? null : FindIdle(now);

    public void PutOff(SwarmLink link, TimeSpan now)
    {
        if (_putOff.Count >= Limits.FormerLinks)
            _putOff.Clear();
        _putOff[PeerKey.ForBlame(link.Address)] = now + Rest;
        link.RestsUntil = now + Rest;
    }

    /// <summary>Nothing can move for a reason that is ours: nobody is to lose its place for that.</summary>
    public void Excuse(TimeSpan now)
    {
        foreach (SwarmLink link in links.All)
            link.Moved(now);
    }

    private bool IsIdle(SwarmLink link, TimeSpan now)
    {
        TimeSpan idle = now - link.MovedAt;
        return idle >= options.IdleTimeout && (idle >= LongestWait || !WaitsForUs(link, now));
    }

    /// <summary>It wants something, and we have not let it ask since the last block moved, or only just do.</summary>
    private static bool WaitsForUs(SwarmLink link, TimeSpan now)
        => link.PeerInterested && (!link.HadTurn || (link.AmUnchoking && now - link.UnchokedAt < LeastTurn));
}
