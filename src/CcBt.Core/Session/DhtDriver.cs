using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Session;

/// <summary>The client's DHT nodes, one per address family, and whom their lookups belong to.</summary>
internal sealed class DhtDriver(ClientCore core, IClientEdges edges)
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RouterRetry = TimeSpan.FromSeconds(30);

    private readonly List<DhtFamily> _families = [];
    private readonly Dictionary<(bool IsV6, int Lookup), IDhtLookupOwner> _lookups = [];
    private readonly HashSet<string> _resolving = [];
    private TimeSpan _nextSave = TimeSpan.MaxValue;
    private TimeSpan _nextRouters = TimeSpan.MaxValue;

    public bool IsOn => _families.Count > 0;

    public int FamilyCount => _families.Count;

    public int NodeCount => _families.Sum(f => f.Node.NodeCount);

    public TimeSpan NextDeadline
    {
        get
        {
            TimeSpan next = _nextSave < _nextRouters ? _nextSave : _nextRouters;
            foreach (DhtFamily family in _families)
            {
                if (family.Node.NextDeadline < next)
                    next = family.Node.NextDeadline;
            }
            return next;
        }
    }

    /// <summary>Brings a family up, with the table an earlier run saved.</summary>
    public void Open(bool isV6, ushort port, DhtSnapshot? saved, TimeSpan now)
    {
        var node = new DhtNode(new DhtNodeOptions(), saved?.Id, core.Random, isV6);
        _families.Add(new DhtFamily(node, isV6, port));
        foreach (DhtFamily sibling in _families.SkipLast(1))
        {
            node.Join(sibling.Node);
            sibling.Node.Join(node);
        }
        if (saved is not null)
        {
            node.Restore(saved, now);
            _families[^1].HasContacts = saved.Nodes.Count > 0;
        }
        _nextSave = now + SaveInterval;
        _nextRouters = now;
    }

    /// <summary>The UDP port of a family, for the port message (BEP 5); 0 when the DHT is off.</summary>
    public ushort Port(bool isV6) => _families.Find(f => f.IsV6 == isV6)?.Port ?? 0;

    public void AddNode(PeerAddress address, TimeSpan now)
    {
        if (FamilyOf(address) is not { } family)
            return;
        family.HasContacts = true;
        family.Node.AddNode(address, now);
    }

    private void AddNode(in NodeContact contact, TimeSpan now)
    {
        if (FamilyOf(contact.Address) is not { } family)
            return;
        family.HasContacts = true;
        family.Node.AddNode(contact.Address, contact.Id, now);
    }

    /// <summary>Looks a node's host name up and adds what it finds.</summary>
    public void AddHost(HostAndPort host)
    {
        if (IsOn && _resolving.Add(host.ToString()))
            edges.Resolve(host);
    }

    public void Resolved(HostAndPort host, IReadOnlyList<PeerAddress> addresses, TimeSpan now)
    {
        _resolving.Remove(host.ToString());
        if (addresses.Count == 0)
            ClientLog.RouterFailed(core.Logger, host.ToString(), "no address");
        foreach (PeerAddress address in addresses)
        {
            if (FamilyOf(address) is not { } family)
                continue;
            family.HasContacts = true;
            family.Node.AddRouter(address, now);
        }
    }

    /// <summary>Begins a lookup in every family; its news go to <paramref name="owner"/>.</summary>
    public int FindPeers(InfoHash infoHash, ushort announcePort, IDhtLookupOwner owner, TimeSpan now)
    {
        foreach (DhtFamily family in _families)
            _lookups[(family.IsV6, family.Node.FindPeers(infoHash, announcePort, now))] = owner;
        return _families.Count;
    }

    public void Cancel(IDhtLookupOwner owner, TimeSpan now)
    {
        foreach (((bool isV6, int lookup), IDhtLookupOwner _) in _lookups.Where(l => l.Value == owner).ToArray())
        {
            _families.Find(f => f.IsV6 == isV6)?.Node.CancelLookup(lookup, now);
            _lookups.Remove((isV6, lookup));
        }
    }

    /// <summary>Announces of the torrent that are under way are not repeated.</summary>
    public void Withdraw(InfoHash infoHash)
    {
        foreach (DhtFamily family in _families)
            family.Node.Withdraw(infoHash);
    }

    /// <summary>The network is another, or may be: nodes are asked where they see us, and what waits for an answer is tried again.</summary>
    public void NetworkChanged(TimeSpan now)
    {
        foreach (DhtFamily family in _families)
            family.Node.NetworkChanged(now);
        if (IsOn)
            _nextRouters = now;
    }

    public void Receive(PeerAddress from, ReadOnlyMemory<byte> datagram, TimeSpan now)
        => FamilyOf(from)?.Node.Receive(from, datagram, now);

    public void Advance(TimeSpan now)
    {
        foreach (DhtFamily family in _families)
        {
            if (family.Node.NextDeadline <= now)
                family.Node.Advance(now);
        }
        if (now >= _nextRouters)
            AskRouters(now);
        if (now >= _nextSave)
            Save(now);
    }

    /// <summary>Sends what the nodes want sent and hands out their news.</summary>
    public void Drain(TimeSpan now)
    {
        foreach (DhtFamily family in _families)
        {
            while (family.Node.TryTakeEvent(out DhtEvent? e))
                Handle(family, e, now);
            while (family.Node.TryTakeDatagram(out DhtDatagram datagram))
                edges.SendDatagram(datagram.To, datagram.Bytes);
        }
    }

    public void Save(TimeSpan now)
    {
        _nextSave = now + SaveInterval;
        foreach (DhtFamily family in _families)
            edges.SaveDht(family.Node.Save());
    }

    /// <summary>Routers are asked again until a family has nodes, so that a client started offline joins later.</summary>
    private void AskRouters(TimeSpan now)
    {
        bool isLonely = _families.Exists(f => f.Node.NodeCount == 0);
        _nextRouters = now + RouterRetry;
        if (!isLonely)
            return;
        foreach (string router in core.Options.DhtRouters)
        {
            if (HostAndPort.TryParse(router, out HostAndPort host))
                AddHost(host);
        }
    }

    private DhtFamily? FamilyOf(PeerAddress address) => _families.Find(f => f.IsV6 == address.IsV6);

    /// <summary>One family has answered; another one that has nobody to ask must not keep the owner waiting.</summary>
    private void EndHopeless(IDhtLookupOwner owner, TimeSpan now)
    {
        foreach (DhtFamily family in _families)
        {
            if (family.HasContacts)
                continue;
            foreach (((bool IsV6, int Lookup) key, _) in _lookups.Where(l => l.Key.IsV6 == family.IsV6 && l.Value == owner).ToArray())
            {
                family.Node.CancelLookup(key.Lookup, now);
                _lookups.Remove(key);
                owner.LookupEnded(0, now);
            }
        }
    }

    private void Handle(DhtFamily family, DhtEvent e, TimeSpan now)
    {
        switch (e)
        {
            case DhtPeersFound found when _lookups.TryGetValue((family.IsV6, found.LookupId), out IDhtLookupOwner? owner):
                owner.PeersFound(found.Peers, now);
                break;
            case DhtLookupEnded ended when _lookups.Remove((family.IsV6, ended.LookupId), out IDhtLookupOwner? owner):
                owner.LookupEnded(ended.Peers, now);
                EndHopeless(owner, now);
                break;
            case DhtExternalAddress external:
                core.NoteExternalAddress(external.Address);
                if (external.Former is not null)
                    core.Network.SeenElsewhere(now);
                break;
            case DhtOtherFamilyNodes other:
                foreach (NodeContact contact in other.Nodes)
                    AddNode(contact, now);
                break;
        }
    }
}
