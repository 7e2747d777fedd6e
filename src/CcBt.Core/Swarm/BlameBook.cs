using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>
/// Finds who sent bad blocks. The only giver of a bad piece is guilty at once. Where several gave, their block hashes are kept until the piece
/// is good; whoever gave other bytes than the good ones is guilty then, whoever gave the same never is.
/// </summary>
internal sealed class BlameBook
{
    private readonly Dictionary<int, List<Accusation>> _byPiece = [];
    private readonly Queue<int> _order = new();
    private readonly Dictionary<PeerAddress, int> _accusations = [];
    private int _kept;

    /// <summary>Whether the piece was bad before, so that its block hashes are wanted once it is good.</summary>
    public bool IsWatched(int piece) => _byPiece.ContainsKey(piece);

    public bool IsSuspect(PeerAddress blamed) => _accusations.ContainsKey(blamed);

    /// <summary>Takes the givers of a bad piece; returns the one who is guilty beyond doubt, if there is.</summary>
    public PeerAddress? Failed(int piece, List<Accusation> given, bool allKnown)
    {
        if (given.Count == 0)
            return null;
        PeerAddress first = given[0].Giver;
        if (allKnown && given.TrueForAll(a => a.Giver == first))
            return first;
        if (!_byPiece.TryGetValue(piece, out List<Accusation>? kept))
        {
            _byPiece.Add(piece, kept = []);
            _order.Enqueue(piece);
        }
        foreach (Accusation accusation in given)
        {
            kept.Add(accusation);
            _accusations[accusation.Giver] = _accusations.GetValueOrDefault(accusation.Giver) + 1;
        }
        _kept += given.Count;
        while (_kept > Limits.AccusationsKept && _order.TryDequeue(out int oldest))
            Forget(oldest);
        return null;
    }

    /// <summary>Takes the hashes of the good blocks and adds whoever gave something else to <paramref name="guilty"/>.</summary>
    public void Good(int piece, ReadOnlySpan<BlockContribution> good, HashSet<PeerAddress> guilty)
    {
        if (!_byPiece.TryGetValue(piece, out List<Accusation>? kept))
            return;
        var digests = new Dictionary<int, BlockDigest>(good.Length);
        foreach (BlockContribution contribution in good)
            digests[contribution.Block] = contribution.Digest;
        foreach (Accusation accusation in kept)
        {
            // An unset digest was not computed; it is no evidence.
            if (accusation.Digest != default && digests.TryGetValue(accusation.Block, out BlockDigest digest)
                && digest != default && digest != accusation.Digest)
                guilty.Add(accusation.Giver);
        }
        Forget(piece);
    }

    private void Forget(int piece)
    {
        if (!_byPiece.Remove(piece, out List<Accusation>? kept))
            return;
        _kept -= kept.Count;
        foreach (Accusation accusation in kept)
        {
            int left = _accusations[accusation.Giver] - 1;
            if (left == 0)
                _accusations.Remove(accusation.Giver);
            else
                _accusations[accusation.Giver] = left;
        }
    }
}
