using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Sessions;

/// <summary>What the owner of a swarm knows: links, leases, unchoked peers and dials, as the swarm's outputs said.</summary>
internal sealed class SwarmMirror(TorrentSwarm swarm, PieceMap map)
{
    private readonly Dictionary<int, HashSet<BlockAddress>> _leased = [];
    private readonly HashSet<int> _unchoked = [];
    private readonly HashSet<int> _verified = [];
    private readonly List<PeerAddress> _dialing = [];

    public List<int> Links { get; } = [];

    public int BlocksLeased => _leased.Values.Sum(blocks => blocks.Count);

    public void Opened(int link)
    {
        Links.Add(link);
        _leased.Add(link, []);
    }

    public void Close(int link, bool failure, TimeSpan now)
    {
        if (!_leased.Remove(link))
            return;
        Links.Remove(link);
        _unchoked.Remove(link);
        swarm.LinkClosed(link, failure, now);
    }

    public bool TryTakeDialing(out PeerAddress address)
    {
        address = _dialing.FirstOrDefault();
        return _dialing.Remove(address);
    }

    public bool TryFindLease(int link, out BlockAddress block)
    {
        block = _leased[link].FirstOrDefault();
        return _leased[link].Count > 0;
    }

    public void Rejected(int link, BlockAddress block) => _leased[link].Remove(block);

    public void Receive(int link, Script script, TimeSpan now)
    {
        BlockReceipt[] blocks = [.. _leased[link].Take(1 + script.Choice(20)).Select(block => new BlockReceipt(block, script.Random.Next(10) > 0))];
        foreach (BlockReceipt block in blocks)
            _leased[link].Remove(block.Block);
        swarm.BlocksReceived(link, blocks, _leased[link].Count, now);
    }

    public void Verdict(Script script, int lastLink, TimeSpan now)
    {
        int piece = script.Random.Next(map.PieceCount);
        if (!swarm.IsArmed)
            return;
        switch (script.Choice(6))
        {
            case 0 or 1:
                _verified.Add(piece);
                swarm.PieceVerified(piece, now);
                break;
            case 2:
                swarm.PieceFailed(piece, Given(piece, script, lastLink), now);
                break;
            case 3 when swarm.WantsDigests(piece):
                swarm.PieceGood(piece, Given(piece, script, lastLink), now);
                break;
            case 4:
                swarm.PieceWriteFailed(piece, now);
                break;
            case 5 when _verified.Remove(piece):
                swarm.PieceLost(piece, now);
                break;
        }
    }

    public void Drain(TimeSpan now)
    {
        while (swarm.TryTake(out SwarmOutput output))
        {
            FuzzFailure.When(output.Link != 0 && !_leased.ContainsKey(output.Link) && output.Kind != SwarmOutputKind.Close, $"{output.Kind} for link {output.Link}, which is closed.");
            switch (output.Kind)
            {
                case SwarmOutputKind.Lease:
                    Lease(output.Link);
                    break;
                case SwarmOutputKind.CancelBlocks:
                    foreach (BlockAddress block in swarm.Blocks)
                        FuzzFailure.When(!_leased[output.Link].Remove(block), $"{block} is cancelled and was not leased.");
                    break;
                case SwarmOutputKind.Close:
                    Close(output.Link, false, now);
                    break;
                case SwarmOutputKind.Unchoke:
                    FuzzFailure.When(!_unchoked.Add(output.Link), "A link is unchoked twice.");
                    break;
                case SwarmOutputKind.Choke:
                    FuzzFailure.When(!_unchoked.Remove(output.Link), "A link is choked twice.");
                    break;
                case SwarmOutputKind.Dial:
                    FuzzFailure.When(_dialing.Contains(output.Address), $"{output.Address} is dialed twice.");
                    FuzzFailure.When(swarm.IsBanned(output.Address) || output.Address.Port == 0, $"{output.Address} may not be dialed.");
                    _dialing.Add(output.Address);
                    break;
            }
        }
    }

    private static BlockContribution[] Contributions(int blocks, Script script, int lastLink)
    {
        var given = new BlockContribution[blocks];
        for (int i = 0; i < blocks; i++)
            given[i] = new BlockContribution(i, 1 + script.Random.Next(lastLink + 2), BlockDigest.Compute([(byte)script.Random.Next(3)]));
        return given;
    }

    private BlockContribution[] Given(int piece, Script script, int lastLink) => Contributions(map.BlockCount(piece), script, lastLink);

    private void Lease(int link)
    {
        // One without blocks sets the mark of reports alone, where there is something to report.
        FuzzFailure.When(swarm.Blocks.Length == 0 && _leased[link].Count == 0, "A lease is empty.");
        FuzzFailure.When(_leased[link].Count + swarm.Blocks.Length > Limits.RequestWindow, "A lease is too large.");
        foreach (BlockAddress block in swarm.Blocks)
        {
            FuzzFailure.When(_verified.Contains(block.Piece), $"{block} is leased and had.");
            FuzzFailure.When(block.Length < 1 || block.Begin < 0 || block.Begin + block.Length > map.LengthOf(block.Piece), $"{block} is not in its piece.");
            FuzzFailure.When(!_leased[link].Add(block), $"{block} is leased to one link twice.");
        }
    }
}
