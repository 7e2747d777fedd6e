using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>Throws random calls at a swarm and checks what it says against what must always hold.</summary>
internal sealed class SwarmFuzz
{
    private readonly Random _random;
    private readonly PieceMap _map;
    private readonly TorrentSwarm _swarm;
    private readonly Dictionary<int, HashSet<BlockAddress>> _leased = [];
    private readonly HashSet<int> _unchoked = [];
    private readonly HashSet<int> _verified = [];
    private readonly HashSet<PeerAddress> _dialing = [];
    private TimeSpan _now;
    private int _nextLink;

    public SwarmFuzz(int seed)
    {
        _random = new Random(seed);
        int pieces = _random.Next(1, 60);
        int length = 16384 * _random.Next(1, 9);
        _map = new PieceMap(pieces, length, (long)pieces * length - _random.Next(length));
        _swarm = new TorrentSwarm(new SwarmOptions { MaxOpenBytes = _random.Next(1, 20) * length }, new Random(seed));
        _swarm.SetBudget(new ConnectionBudget(12, 3), _now);
        _swarm.SetUnchokeSlots(3, _now);
    }

    public void Run(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            Act(_random.Next(26));
            Drain();
            if (_random.Next(3) == 0)
                _now += TimeSpan.FromMilliseconds(_random.Next(1, 4000));
            if (_swarm.NextDeadline <= _now)
                _swarm.Advance(_now);
            Drain();
            SwarmSnapshot snapshot = _swarm.Snapshot(_now);
            Assert.Equal(_leased.Values.Sum(l => l.Count), snapshot.BlocksInFlight);
            Assert.InRange(snapshot.Unchoked, 0, 3);
            Assert.InRange(snapshot.HalfOpen, 0, 3);
            Assert.True(double.IsFinite(snapshot.DistributedCopies) && snapshot.DistributedCopies >= 0 && snapshot.DistributedCopies <= _leased.Count + 1);
        }
    }

    private void Act(int choice)
    {
        switch (choice)
        {
            case 0:
                _swarm.AddCandidates([VirtualSwarm.Address(_random.Next(40))], (PeerSource)_random.Next(8), _now);
                break;
            case 1 or 2 when _leased.Count < 12:
                Open(VirtualSwarm.Address(_random.Next(1000)), false);
                break;
            case 3 when _dialing.Count > 0:
                PeerAddress dialed = _dialing.First();
                _dialing.Remove(dialed);
                if (_random.Next(2) == 0)
                    _swarm.DialFailed(dialed, _now);
                else
                    Open(dialed, true);
                break;
            case 4 when _leased.Count > 0:
                Shut(Link(), _random.Next(2) == 0);
                break;
            case 5 when !_swarm.IsArmed:
                _swarm.Arm(_map, RandomSet(0.1), RandomSet(0.9), _now);
                break;
            case 6:
                Verdict();
                break;
            case 7:
                _swarm.DiskBusy(_random.Next(3) == 0, _now);
                break;
            case 8 when _random.Next(10) == 0:
                _swarm.SetWanted(RandomSet(0.7), _now);
                break;
            case 9:
                _swarm.SetPriority(_random.Next(_map.PieceCount), 1, (PiecePriority)_random.Next(3));
                break;
            case 10 when _random.Next(20) == 0:
                _swarm.SetPaused(!_swarm.IsPaused, _now);
                break;
            case >= 11 and < 17 when _leased.Count > 0:
                Receive(Link());
                break;
            case >= 17 when _leased.Count > 0:
                Say(Link());
                break;
        }
    }

    private void Open(PeerAddress address, bool outbound)
    {
        int link = ++_nextLink;
        _leased.Add(link, []);
        _swarm.LinkOpened(link, address, outbound, _random.Next(2) == 0, _now);
    }

    private void Shut(int link, bool failure)
    {
        _leased.Remove(link);
        _unchoked.Remove(link);
        _swarm.LinkClosed(link, failure, _now);
    }

    private void Say(int link)
    {
        var block = new BlockAddress(_random.Next(_map.PieceCount + (_random.Next(30) == 0 ? 5 : 0)), 0, 16384);
        PeerMessage message = _random.Next(12) switch
        {
            0 => new PeerMessage(PeerMessageKind.Choke),
            1 or 2 or 3 => new PeerMessage(PeerMessageKind.Unchoke),
            4 => new PeerMessage(PeerMessageKind.Interested),
            5 => new PeerMessage(PeerMessageKind.NotInterested),
            6 => PeerMessage.Bitfield(RandomSet(0.8).Bytes.ToArray()),
            7 => new PeerMessage(_random.Next(2) == 0 ? PeerMessageKind.HaveAll : PeerMessageKind.HaveNone),
            8 => PeerMessage.AllowedFast(block.Piece),
            9 => PeerMessage.Reject(_leased[link].Count > 0 ? _leased[link].First() : block),
            10 => new PeerMessage(PeerMessageKind.Suggest, block),
            _ => PeerMessage.Have(block.Piece),
        };
        SwarmError error = _swarm.Handle(link, message, _now);
        if (message.Kind == PeerMessageKind.Reject && error == SwarmError.None)
            _leased[link].Remove(message.Block);
        Drain();
        if (error != SwarmError.None && _leased.ContainsKey(link))
            Shut(link, true);
    }

    private void Receive(int link)
    {
        BlockReceipt[] blocks = [.. _leased[link].Take(_random.Next(1, 20)).Select(b => new BlockReceipt(b, _random.Next(10) > 0))];
        foreach (BlockReceipt block in blocks)
            _leased[link].Remove(block.Block);
        _swarm.BlocksReceived(link, blocks, _leased[link].Count, _now);
    }

    private void Verdict()
    {
        int piece = _random.Next(_map.PieceCount);
        switch (_random.Next(_swarm.IsArmed ? 6 : 1))
        {
            case 1 or 2:
                _verified.Add(piece);
                _swarm.PieceVerified(piece, _now);
                break;
            case 3:
                var given = new BlockContribution[_map.BlockCount(piece)];
                for (int i = 0; i < given.Length; i++)
                    given[i] = new BlockContribution(i, _random.Next(_nextLink + 2), default);
                _swarm.PieceFailed(piece, given, _now);
                break;
            case 4:
                _swarm.PieceWriteFailed(piece, _now);
                break;
            case 5:
                if (_verified.Remove(piece))
                    _swarm.PieceLost(piece, _now);
                break;
        }
    }

    private void Drain()
    {
        while (_swarm.TryTake(out SwarmOutput output))
        {
            switch (output.Kind)
            {
                case SwarmOutputKind.Lease:
                    Lease(output.Link);
                    break;
                case SwarmOutputKind.CancelBlocks:
                    foreach (BlockAddress block in _swarm.Blocks)
                        Assert.True(_leased[output.Link].Remove(block), $"{block} was not leased");
                    break;
                case SwarmOutputKind.Close:
                    Shut(output.Link, false);
                    break;
                case SwarmOutputKind.Unchoke:
                    Assert.True(_unchoked.Add(output.Link));
                    break;
                case SwarmOutputKind.Choke:
                    Assert.True(_unchoked.Remove(output.Link));
                    break;
                case SwarmOutputKind.Dial:
                    Assert.True(_dialing.Add(output.Address));
                    break;
            }
        }
    }

    private void Lease(int link)
    {
        Assert.InRange(_leased[link].Count + _swarm.Blocks.Length, 1, Limits.RequestWindow);
        foreach (BlockAddress block in _swarm.Blocks)
        {
            Assert.False(_verified.Contains(block.Piece), "leased what is had");
            Assert.InRange(block.Begin + block.Length, 1, _map.LengthOf(block.Piece));
            Assert.True(_leased[link].Add(block), $"{block} leased twice to one link");
        }
    }

    private int Link() => _leased.Keys.ElementAt(_random.Next(_leased.Count));

    private PieceSet RandomSet(double share)
    {
        var set = new PieceSet(_map.PieceCount);
        for (int piece = 0; piece < _map.PieceCount; piece++)
        {
            if (_random.NextDouble() < share)
                set.Add(piece);
        }
        return set;
    }
}
