using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>
/// Notes, while we seed, which peer was the first to have each piece, and whether others have got it from there. A peer whose pieces stay with
/// it while others' pieces travel keeps them: what only it has is not spread, and its turn is better given to one that passes on.
/// </summary>
internal sealed class SpreadBook(LinkTable links, int pieceCount)
{
    private const int LeastPassed = 8;

    /// <summary>Who passes on less than this part of what others do is a keeper; a slow line is none.</summary>
    private const double Share = 0.25;

    /// <summary>What came so lately can not have been passed on yet.</summary>
    private static readonly TimeSpan TooNew = TimeSpan.FromSeconds(5);

    private readonly SwarmLink?[] _first = new SwarmLink?[pieceCount];
    private readonly PieceSet _spread = new(pieceCount);

    /// <summary>The peer came with these pieces: nothing can be learned from them.</summary>
    public void Told(SwarmLink link)
    {
        for (int piece = NextOf(link, 0); piece >= 0 && piece < pieceCount; piece = NextOf(link, piece + 1))
        {
            // A second bitfield (aria2) names what it was the first to get, too.
            if (_first[piece] == link)
                continue;
            _first[piece]?.Kept?.Remove(piece);
            _first[piece] = null;
            _spread.Add(piece);
        }
    }

    /// <summary>The peer has got a piece; <paramref name="fromUs"/> when we may have given it, so that nobody else is to thank.</summary>
    public void Had(SwarmLink link, int piece, bool fromUs, TimeSpan now)
    {
        if (_spread[piece] || _first[piece] == link)
            return;
        if (_first[piece] is not { } first)
        {
            _first[piece] = link;
            (link.Kept ??= [])[piece] = now;
            return;
        }
        _first[piece] = null;
        _spread.Add(piece);
        first.Kept?.Remove(piece);
        first.PassedOn += fromUs ? 0 : 1;
    }

    /// <summary>The peer is gone, and with it what only it had.</summary>
    public void Gone(SwarmLink link)
    {
        foreach (int piece in link.Kept?.Keys ?? Enumerable.Empty<int>())
            _first[piece] = null;
        link.Kept = null;
    }

    /// <summary>Finds who keeps what it gets, measured by what all others do. Those that were not known as keepers before are added to <paramref name="found"/>.</summary>
    public void Judge(TimeSpan now, List<SwarmLink> found)
    {
        int allKept = 0, allPassed = 0;
        foreach (SwarmLink link in links.All)
        {
            allKept += KeptBy(link, now);
            allPassed += link.PassedOn;
        }
        foreach (SwarmLink link in links.All)
        {
            int kept = KeptBy(link, now), passed = link.PassedOn;
            bool wasKeeper = link.IsKeeper;
            // The next piece of a slow line may be about to arrive elsewhere: little is no evidence. Nor does it clear a keeper that others get its pieces from us in the end.
            double ratio = Ratio(wasKeeper ? passed : passed + 1, kept);
            link.IsKeeper = allPassed - passed >= LeastPassed && ratio < Share * Ratio(allPassed - passed, allKept - kept);
            if (link.IsKeeper && !wasKeeper)
                found.Add(link);
        }
    }

    private static double Ratio(int passed, int kept) => (double)passed / Math.Max(1, passed + kept);

    private static int KeptBy(SwarmLink link, TimeSpan now)
    {
        int kept = 0;
        foreach (TimeSpan since in link.Kept?.Values ?? Enumerable.Empty<TimeSpan>())
            kept += now - since >= TooNew ? 1 : 0;
        return kept;
    }

    private static int NextOf(SwarmLink link, int from)
        => link.Pieces.IsWhole ? from : link.Pieces.Set is { } set ? PieceBits.Next(set, from) : -1;
}
