using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

/// <summary>What an open piece is, said with sets.</summary>
internal sealed class OpenPieceModel(int blocks)
{
    private readonly HashSet<SwarmLink>[] _askers = [.. Enumerable.Range(0, blocks).Select(_ => new HashSet<SwarmLink>())];
    private readonly Dictionary<int, SwarmLink?> _given = [];
    private readonly HashSet<int> _asked = [];
    private readonly HashSet<SwarmLink> _parts = [];

    public bool Ask(int block, SwarmLink peer)
    {
        if (_given.ContainsKey(block) || _askers[block].Count == Limits.RequestersPerBlock || !_askers[block].Add(peer))
            return false;
        _asked.Add(block);
        _parts.Add(peer);
        return true;
    }

    public void Release(int block, SwarmLink peer)
    {
        if (_given.ContainsKey(block) || !_askers[block].Remove(peer))
            return;
        if (_askers[block].Count == 0)
            _asked.Remove(block);
        if (_asked.Count == 0 && _given.Count == 0)
            _parts.Clear();
    }

    public void Offer(int block) => _asked.Remove(block);

    public bool Receive(int block, SwarmLink? giver)
    {
        if (!_given.TryAdd(block, giver))
            return false;
        _askers[block].Clear();
        _asked.Remove(block);
        if (giver is not null)
            _parts.Add(giver);
        return true;
    }

    public void Doubt(bool all)
    {
        foreach ((int block, SwarmLink? giver) in _given.ToArray())
        {
            if (all || giver is null)
                _given.Remove(block);
        }
    }

    public void Check(OpenPiece open, string when)
    {
        int[] free = [.. Enumerable.Range(0, blocks).Where(b => !_asked.Contains(b) && !_given.ContainsKey(b))];
        Assert.True((free.Length, _asked.Count, _given.Count) == (open.FreeCount, open.AskedCount, open.ReceivedCount), when);
        Assert.True(open.IsShared == _parts.Count > 1, when);
        for (int block = 0; block < blocks; block++)
        {
            bool isGiven = _given.TryGetValue(block, out SwarmLink? giver);
            Assert.True((free.Contains(block), isGiven) == (open.IsFree(block), open.IsReceived(block)), when);
            Supplier[] askers = [.. open.Askers(block).ToArray().OfType<Supplier>()];
            Assert.True(isGiven ? open.Askers(block)[0] == giver : _askers[block].SetEquals(askers.Cast<SwarmLink>()), when);
            Assert.True(open.CountAskers(block) == askers.Length, when);
            Assert.True(open.NextFree(block) == free.Where(b => b >= block).DefaultIfEmpty(-1).First(), when);
            Assert.True(open.LastFree(block) == free.TakeLast(block).DefaultIfEmpty(-1).First(), when);
        }
        Assert.Equal(-1, open.NextFree(blocks));
    }
}
