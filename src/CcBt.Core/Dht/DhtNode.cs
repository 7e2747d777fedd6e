using System.Diagnostics.CodeAnalysis;
using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>
/// A node of the distributed hash table (BEP 5, 32, 42, 43) for one address family, as a synchronous state machine.
/// Its owner hands in datagrams and the time, and takes out datagrams and events after each call. It belongs to one
/// thread. <c>now</c> is monotonic and must never go back.
/// </summary>
internal sealed class DhtNode
{
    private readonly Outbox _outbox = new();
    private readonly KrpcReader _reader = new();
    private readonly RoutingTable _table;
    private readonly QueryServer _server;
    private readonly QuerySender _sender;
    private readonly LookupSet _lookups = new();
    private readonly LookupDriver _driver;
    private readonly AddressVotes _votes;
    private readonly Random _random;
    private static readonly TimeSpan s_firstElectionPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_lastElectionPause = TimeSpan.FromHours(1);

    private TimeSpan _nextElection;
    private TimeSpan _electionPause = s_firstElectionPause;
    private DhtNode? _sibling;
    private int _lastLookupId;

    /// <param name="options">How the node behaves.</param>
    /// <param name="savedId">The id of the last run; null: a random one until the external address is known.</param>
    /// <param name="random">The source of ids, transaction ids and token secrets; the public network needs an unpredictable one.</param>
    /// <param name="isV6">The address family that the node lives in.</param>
    public DhtNode(DhtNodeOptions options, NodeId? savedId, Random random, bool isV6)
    {
        IsV6 = isV6;
        _random = random;
        _table = new RoutingTable(savedId ?? Addressing.NodeId.Random(random));
        var writer = new KrpcWriter();
        _server = new QueryServer(isV6, options, _table, random, _outbox, writer);
        _sender = new QuerySender(random, _outbox, writer, options);
        _votes = new AddressVotes(isV6);
        _driver = new LookupDriver(isV6, _table, _lookups, _sender, _outbox, random);
    }

    public bool IsV6 { get; }

    public NodeId NodeId => _table.OwnId;

    /// <summary>Nodes in the routing table that are not known to be dead.</summary>
    public int NodeCount => _table.LiveCount;

    /// <summary>Torrents that peers are stored of for others.</summary>
    public int StoredTorrentCount => _server.Store.TorrentCount;

    public int StoredPeerCount => _server.Store.PeerCount;

    /// <summary>Whether our neighbourhood has been found.</summary>
    public bool IsBootstrapped => _driver.IsBootstrapped;

    /// <summary>When <see cref="Advance"/> has something to do; <see cref="TimeSpan.MaxValue"/> when never.</summary>
    public TimeSpan NextDeadline => _driver.NextDeadline;

    /// <summary>Datagrams and events lost because the owner did not take them.</summary>
    public long DroppedOutputs => _outbox.Dropped;

    /// <summary>Joins the node of the other family: each then names the other's nodes to whom wants them (BEP 32).</summary>
    public void Join(DhtNode sibling)
    {
        (_sibling, sibling._sibling) = (sibling, this);
        (_server.SiblingTable, sibling._server.SiblingTable) = (sibling._table, _table);
        (_driver.SiblingTable, sibling._driver.SiblingTable) = (sibling._table, _table);
    }

    /// <summary>A datagram came from the network. What is no DHT message, or an answer that was not asked for, is ignored.</summary>
    public void Receive(PeerAddress from, ReadOnlyMemory<byte> packet, TimeSpan now)
    {
        if (from.IsV6 != IsV6 || from.Port == 0 || from.Classify() == AddressClass.Unusable || !_reader.TryRead(packet))
            return;
        _driver.Begin(now);
        if (_reader.Kind == KrpcKind.Query)
            ReceiveQuery(from, packet.Length, now);
        else if (_sender.Match(_reader.Transaction, from, now) is { } query)
            ReceiveAnswer(query, now);
    }

    /// <summary>Lets time pass: gives up what was lost, asks again, refreshes the table, forgets what is old.</summary>
    public void Advance(TimeSpan now)
    {
        _driver.Begin(now);
        if (_driver.Advance(now))
            _server.Store.Sweep(now);
    }

    /// <summary>Names a node: a saved one, or one from a PORT message, a torrent, or a magnet link. It is asked, and trusted once it answers.</summary>
    public void AddNode(PeerAddress address, TimeSpan now) => AddNode(address, null, now);

    /// <summary>Names a node whose id was known, as saved state does.</summary>
    public void AddNode(PeerAddress address, NodeId? id, TimeSpan now)
    {
        if (!IsUsable(address))
            return;
        _driver.Begin(now);
        _driver.AddNode(address, id, now);
    }

    /// <summary>Names a bootstrap router: it is asked for nodes while there are few, and never becomes one itself.</summary>
    public void AddRouter(PeerAddress address, TimeSpan now)
    {
        if (!IsUsable(address))
            return;
        _driver.Begin(now);
        _driver.AddRouter(address, now);
    }

    /// <summary>
    /// The machine is on another network than before, or was away from it: nodes are asked where they see us now, and lookups that waited for
    /// an answer begin again.
    /// </summary>
    public void NetworkChanged(TimeSpan now)
    {
        _driver.Begin(now);
        _votes.BeginAnew();
        _driver.AskAround(now);
        _driver.RetryNow(now);
    }

    /// <summary>Names all nodes of saved state.</summary>
    public void Restore(DhtSnapshot snapshot, TimeSpan now)
    {
        foreach (NodeContact node in snapshot.Nodes)
            AddNode(node.Address, node.Id, now);
    }

    /// <summary>
    /// Looks for peers of a torrent; returns the lookup's id, which its events carry. Without a node to ask it
    /// waits and begins by itself when one is named or answers.
    /// </summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="announcePort">The TCP port to announce ourselves under; 0: do not announce.</param>
    /// <param name="now">The time.</param>
    /// <param name="impliedPort">Announce the port that the datagrams come from instead, for hosts behind NAT that speak µTP there.</param>
    public int FindPeers(InfoHash infoHash, ushort announcePort, TimeSpan now, bool impliedPort = false)
    {
        _driver.Begin(now);
        var lookup = new Lookup(++_lastLookupId, Addressing.NodeId.From(infoHash), LookupPurpose.Peers)
        {
            InfoHash = infoHash,
            AnnouncePort = announcePort,
            ImpliedPort = impliedPort && announcePort != 0,
        };
        _driver.Start(lookup, now);
        return lookup.Id;
    }

    /// <summary>Ends a lookup without a further event; unknown ids are ignored.</summary>
    public void CancelLookup(int id, TimeSpan now)
    {
        if (_lookups.Find(id) is not { } lookup)
            return;
        lookup.IsCancelled = true;
        _lookups.Remove(lookup);
        _driver.StartWaiting(now);
    }

    /// <summary>Announces of the torrent that are under way are not repeated; its lookups are to be cancelled one by one.</summary>
    public void Withdraw(InfoHash infoHash) => _sender.Withdraw(Addressing.NodeId.From(infoHash));

    /// <summary>Takes a datagram that waits to be sent; its bytes belong to the caller.</summary>
    public bool TryTakeDatagram(out DhtDatagram datagram) => _outbox.TryTakeDatagram(out datagram);

    public bool TryTakeEvent([NotNullWhen(true)] out DhtEvent? news) => _outbox.TryTakeEvent(out news);

    /// <summary>What to keep for the next run: the id and the nodes heard last.</summary>
    public DhtSnapshot Save()
    {
        List<TableNode> nodes = [.. _table.Nodes];
        nodes.RemoveAll(node => node.IsBad);
        nodes.Sort((left, right) => right.AnsweredAt.CompareTo(left.AnsweredAt));
        if (nodes.Count > Limits.DhtSavedNodes)
            nodes.RemoveRange(Limits.DhtSavedNodes, nodes.Count - Limits.DhtSavedNodes);
        return new DhtSnapshot(NodeId, IsV6, nodes.ConvertAll(node => node.Contact));
    }

    private bool IsUsable(PeerAddress address)
        => address.IsV6 == IsV6 && address.Port != 0 && address.Classify() != AddressClass.Unusable;

    private void ReceiveQuery(PeerAddress from, int length, TimeSpan now)
    {
        bool isNode = _server.Answer(_reader, length, from, now);
        if (isNode && !_reader.IsReadOnly && _reader.TryGetId("id"u8, out NodeId id))
            _driver.Heard(new NodeContact(id, from), now);
    }

    private void ReceiveAnswer(PendingQuery query, TimeSpan now)
    {
        // An error names no id.
        if (!_reader.TryGetId("id"u8, out NodeId id) || id == NodeId)
        {
            _driver.Refused(query, now);
            return;
        }
        CountVote(query.To, now);
        _driver.Answered(query, new NodeContact(id, query.To), _reader, now);
    }

    private void CountVote(PeerAddress voter, TimeSpan now)
    {
        if (!CompactAddresses.TryRead(_reader.OwnAddress, out PeerAddress claimed))
            return;
        PeerAddress? former = _votes.Believed;
        if (!_votes.Vote(voter, claimed))
        {
            if (now >= _nextElection && _votes.IsDoubted(claimed))
                BeginElection(now);
            return;
        }
        _electionPause = s_firstElectionPause;
        bool changes = !NodeIdentity.IsCompliant(NodeId, claimed);
        if (changes)
            _table.ChangeOwnId(NodeIdentity.Create(claimed, _random), now);
        _outbox.Tell(new DhtExternalAddress(claimed, changes, former));
    }

    /// <summary>Perhaps a router got another address: known nodes are asked. Liars can cause that too, so false alarms make it rare.</summary>
    private void BeginElection(TimeSpan now)
    {
        _nextElection = now + _electionPause;
        _electionPause = _electionPause * 2 < s_lastElectionPause ? _electionPause * 2 : s_lastElectionPause;
        _votes.BeginAnew();
        _driver.AskAround(now);
    }
}
