using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>A torrent swarm with simulated peers, network and storage, in virtual time on one thread.</summary>
internal sealed class VirtualSwarm
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly Dictionary<PeerAddress, VirtualPeer> _peers = [];
    private readonly Dictionary<int, VirtualPeer> _links = [];
    private readonly Random _random;
    private long _order;
    private int _nextLink = 1;

    public VirtualSwarm(PieceMap map, int seed, SwarmOptions? options = null)
    {
        Map = map;
        _random = new Random(seed);
        Swarm = new TorrentSwarm(options ?? new SwarmOptions(), new Random(seed + 1));
        Swarm.SetBudget(new ConnectionBudget(200, 50), TimeSpan.Zero);
        Store = new VirtualStore(map);
    }

    public PieceMap Map { get; }

    public TorrentSwarm Swarm { get; }

    public VirtualStore Store { get; }

    public TimeSpan Now { get; private set; }

    public TimeSpan? CompletedAt { get; private set; }

    public List<SwarmOutput> Sent { get; } = [];

    public int LeasedTwice { get; private set; }

    public int LeasedHad { get; private set; }

    public int Leases { get; private set; }

    /// <summary>Piece verdicts come this long after the last block.</summary>
    public TimeSpan VerdictDelay { get; init; }

    public IEnumerable<VirtualPeer> Peers => _peers.Values;

    public VirtualPeer Add(VirtualPeer peer)
    {
        _peers.Add(peer.Address, peer);
        return peer;
    }

    public static PeerAddress Address(int number) => PeerAddress.FromV4(0x50000000u + (uint)number * 257, 6881);

    public VirtualSwarm Start(PieceSet? have = null, PieceSet? wanted = null)
    {
        if (wanted is null)
            (wanted = new PieceSet(Map.PieceCount)).Fill();
        Swarm.Arm(Map, have ?? new PieceSet(Map.PieceCount), wanted, Now);
        Swarm.AddCandidates(_peers.Keys.ToArray(), PeerSource.Tracker, Now);
        Drain();
        return this;
    }

    /// <summary>Runs until everything is verified or the time is over; false in that case.</summary>
    public bool RunToEnd(TimeSpan limit)
    {
        Run(limit, () => CompletedAt is not null);
        return CompletedAt is not null;
    }

    public void Run(TimeSpan limit, Func<bool>? until = null)
    {
        while (until?.Invoke() != true)
        {
            TimeSpan next = Swarm.NextDeadline;
            if (_events.TryPeek(out _, out (TimeSpan At, long) first) && first.At <= next)
                next = first.At;
            if (next > limit)
            {
                Now = limit;
                return;
            }
            Now = next > Now ? next : Now;
            while (_events.TryPeek(out _, out first) && first.At <= Now)
            {
                _events.Dequeue()();
                Drain();
            }
            if (Swarm.NextDeadline <= Now)
                Swarm.Advance(Now);
            Drain();
        }
    }

    public void At(TimeSpan at, Action action) => _events.Enqueue(action, (at, _order++));

    public void Drain()
    {
        while (Swarm.TryTake(out SwarmOutput output))
            Do(output, output.Kind is SwarmOutputKind.Lease or SwarmOutputKind.CancelBlocks ? Swarm.Blocks.ToArray() : []);
    }

    private void Do(in SwarmOutput output, BlockAddress[] blocks)
    {
        switch (output.Kind)
        {
            case SwarmOutputKind.Dial:
                Dial(_peers[output.Address]);
                break;
            case SwarmOutputKind.Close:
                Closed(output.Link);
                break;
            case SwarmOutputKind.Ban:
                PeerAddress banned = output.Address;
                foreach (VirtualPeer peer in _peers.Values.Where(p => p.Address.WithPort(0) == banned))
                    peer.WasBanned = true;
                break;
            case SwarmOutputKind.Send:
                Sent.Add(output);
                if (_links.TryGetValue(output.Link, out VirtualPeer? to))
                    Hear(to, output.Message);
                break;
            case SwarmOutputKind.Lease:
                Lease(_links[output.Link], blocks, output.ReportMark);
                break;
            case SwarmOutputKind.CancelBlocks:
                if (_links.TryGetValue(output.Link, out VirtualPeer? cancelled))
                    cancelled.Leased.RemoveAll(blocks.Contains);
                break;
            case SwarmOutputKind.FlushReport:
                Report(_links[output.Link]);
                break;
            case SwarmOutputKind.DiscardPiece:
                Store.Discard(output.Piece);
                break;
            case SwarmOutputKind.Completed:
                CompletedAt = Now;
                break;
            default:
                Sent.Add(output);
                break;
        }
    }

    private void Dial(VirtualPeer peer)
    {
        At(Now + peer.Latency, () =>
        {
            if (peer.IsUnreachable)
            {
                Swarm.DialFailed(peer.Address, Now);
                return;
            }
            peer.Link = _nextLink++;
            _links.Add(peer.Link, peer);
            Swarm.LinkOpened(peer.Link, peer.Address, true, peer.IsFast, Now);
            Swarm.SetRequestLimit(peer.Link, 500);
            Say(peer, peer.Has is { } has ? PeerMessage.Bitfield(has.Bytes.ToArray()) : Everything(peer));
        });
    }

    private PeerMessage Everything(VirtualPeer peer)
    {
        if (peer.IsFast)
            return new PeerMessage(PeerMessageKind.HaveAll);
        var all = new PieceSet(Map.PieceCount);
        all.Fill();
        return PeerMessage.Bitfield(all.Bytes.ToArray());
    }

    private void Hear(VirtualPeer peer, in PeerMessage message)
    {
        if (message.Kind == PeerMessageKind.Interested && !peer.NeverUnchokes)
        {
            int link = peer.Link;
            At(Now + 2 * peer.Latency, () => SayOn(link, new PeerMessage(PeerMessageKind.Unchoke)));
        }
    }

    private void Say(VirtualPeer peer, in PeerMessage message) => SayOn(peer.Link, message);

    public void SayOn(int link, in PeerMessage message)
    {
        if (_links.ContainsKey(link))
            Assert.Equal(SwarmError.None, Swarm.Handle(link, message, Now));
    }

    private void Lease(VirtualPeer peer, BlockAddress[] blocks, int mark)
    {
        Leases++;
        peer.ReportMark = mark;
        foreach (BlockAddress block in blocks)
        {
            LeasedHad += Store.Good[block.Piece] ? 1 : 0;
            LeasedTwice += _links.Values.Any(p => p.Leased.Contains(block)) ? 1 : 0;
            peer.Leased.Add(block);
            if (peer.IsSilent)
                continue;
            TimeSpan begin = Now + 2 * peer.Latency;
            peer.BusyUntil = (peer.BusyUntil > begin ? peer.BusyUntil : begin) + TimeSpan.FromSeconds(block.Length / peer.BytesPerSecond);
            int link = peer.Link;
            At(peer.BusyUntil, () => Arrive(link, block));
        }
        peer.MostLeased = Math.Max(peer.MostLeased, peer.Leased.Count);
    }

    private void Arrive(int link, BlockAddress block)
    {
        if (!_links.TryGetValue(link, out VirtualPeer? peer) || !peer.Leased.Remove(block))
            return;
        if (peer.Rejects)
        {
            Say(peer, PeerMessage.Reject(block));
            return;
        }
        peer.SentBlocks++;
        bool isUsed = Store.TryPut(block, link, _random.NextDouble() < peer.Poison, out BlockContribution[]? full, out bool isGood);
        peer.Unreported.Add(new BlockReceipt(block, isUsed));
        if (full is not null)
            At(Now + VerdictDelay, () => Judge(block.Piece, full, isGood));
        if (peer.Leased.Count <= peer.ReportMark)
            Report(peer);
    }

    private void Judge(int piece, BlockContribution[] given, bool isGood)
    {
        if (!isGood)
        {
            Swarm.PieceFailed(piece, given, Now);
            return;
        }
        bool wanted = Swarm.WantsDigests(piece);
        Swarm.PieceVerified(piece, Now);
        if (wanted)
            Swarm.PieceGood(piece, given, Now);
    }

    private void Report(VirtualPeer peer)
    {
        if (peer.Unreported.Count == 0)
            return;
        peer.Reports++;
        BlockReceipt[] blocks = [.. peer.Unreported];
        peer.Unreported.Clear();
        Swarm.BlocksReceived(peer.Link, blocks, peer.Leased.Count, Now);
    }

    private void Closed(int link)
    {
        if (!_links.Remove(link, out VirtualPeer? peer))
            return;
        peer.Leased.Clear();
        peer.Unreported.Clear();
        peer.BusyUntil = default;
        Swarm.LinkClosed(link, false, Now);
    }
}
