using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>A session's links: opening and closing them, and sharing out what they report.</summary>
internal sealed class SessionLinks(SessionCore session)
{
    private readonly Dictionary<int, PeerState> _peers = [];
    private readonly Dictionary<int, IPeerLink> _halfOpen = [];

    public IReadOnlyCollection<PeerState> All => _peers.Values;

    public int Count => _peers.Count;

    public PeerState? Find(int link) => _peers.GetValueOrDefault(link);

    /// <summary>Links that were dialled and have neither opened nor failed.</summary>
    public int HalfOpenCount => _halfOpen.Count;

    public void Dial(PeerAddress to)
    {
        IPeerLink link = session.Core.Links.Dial(session, to, session.OurHandshake);
        _halfOpen.Add(link.Id, link);
    }

    public void Opened(IPeerLink link, in Handshake theirs, TimeSpan now)
    {
        _halfOpen.Remove(link.Id);
        if (!session.WelcomesLinks || IsOurselves(link, theirs))
            link.Close(LinkCloseReason.Local);
        else if (IsSpare(link, theirs))
            link.Close(LinkCloseReason.Duplicate);
        else
            Begin(link, theirs, now);
    }

    public void Arrived(IPeerLink link, in Handshake theirs, TimeSpan now)
    {
        if (IsOurselves(link, theirs) || session.Swarm.Refuses(link.Remote, now))
        {
            link.Close(LinkCloseReason.ConnectedToSelf);
            return;
        }
        if (IsSpare(link, theirs))
        {
            link.Close(LinkCloseReason.Duplicate);
            return;
        }
        // The swarm would refuse it as well, but only after a link was set up; a flood of connections must cost as little as it can.
        if (_peers.Count >= session.Options.MaxConnections || session.Core.Links.IsOver)
        {
            if (!session.Swarm.WouldYieldTo(link.Remote, now))
            {
                link.Close(LinkCloseReason.Local);
                return;
            }
            // At the client's limit the session's own has room: the swarm would see no reason to part from anybody.
            if (session.Core.Links.IsOver)
                session.Swarm.YieldTo(link.Remote, now);
        }
        Begin(link, theirs, now);
        session.Front.Door.Report(KnockSource.Inbound, [link.Remote], lookupEnded: false);
    }

    public void Closed(IPeerLink link, LinkCloseReason reason, TimeSpan now)
    {
        ClientLog.LinkClosed(session.Logger, session.InfoHash, link.Remote.ToString(), reason.ToString());
        _halfOpen.Remove(link.Id);
        bool isForgiven = reason == LinkCloseReason.NetworkChanged;
        if (_peers.Remove(link.Id, out PeerState? peer))
        {
            isForgiven |= peer.DoubtedSince is not null;
            session.Metadata.LinkClosed(link.Id);
            session.Traffic.Count(peer);
            session.TickSoon(now);
            session.Swarm.LinkClosed(link.Id, IsFailure(reason), now);
        }
        else if (link.IsOutbound)
        {
            session.Swarm.DialFailed(link.Remote, now);
        }
        // That the network went says nothing of the peer, which may be dialled at once.
        if (isForgiven)
            session.Swarm.NetworkChanged(now);
    }

    public void Reported(IPeerLink link, PeerReport report, TimeSpan now)
    {
        if (!_peers.TryGetValue(link.Id, out PeerState? peer))
            return;
        foreach (PeerMessage message in report.Messages)
        {
            if (!Handle(peer, message, now))
            {
                peer.Close(LinkCloseReason.ProtocolError);
                return;
            }
        }
        if (report.Blocks.Count > 0)
            session.Driver.BlocksReceived(link.Id, report, now);
    }

    public void CloseAll(LinkCloseReason reason)
    {
        foreach (PeerState peer in _peers.Values)
            peer.Close(reason);
        foreach (IPeerLink dialled in _halfOpen.Values)
            dialled.Close(reason);
    }

    /// <summary>
    /// The network has changed. Links that hang on an address which is gone end; the others are in doubt: each says something, which a
    /// connection that is cut answers with a reset, and is judged by whether anything comes back.
    /// </summary>
    public void NetworkChanged(Func<PeerAddress, bool> isGone)
    {
        foreach (PeerState peer in _peers.Values)
        {
            peer.DoubtedSince = peer.Link.Traffic.ReceivedBytes;
            if (peer.Link.LocalAddress is not { } local || isGone(local))
            {
                peer.Close(LinkCloseReason.NetworkChanged);
                continue;
            }
            peer.Link.Send(new PeerMessage(PeerMessageKind.KeepAlive));
        }
        foreach (IPeerLink dialled in _halfOpen.Values)
            dialled.Close(LinkCloseReason.NetworkChanged);
    }

    /// <summary>Ends the links in doubt that have received nothing since: dialling a peer again is cheap, and waiting for a dead one is not.</summary>
    public void Judge()
    {
        foreach (PeerState peer in _peers.Values)
        {
            if (peer.DoubtedSince is { } bytes && peer.Link.Traffic.ReceivedBytes == bytes)
                peer.Close(LinkCloseReason.NetworkChanged);
            peer.DoubtedSince = null;
        }
    }

    /// <summary>The metadata is known: what links say is checked against it from now on.</summary>
    public void SetLayout(Torrent torrent)
    {
        foreach (PeerState peer in _peers.Values)
            peer.Link.SetLayout(LayoutOf(torrent));
    }

    private static LinkLayout LayoutOf(Torrent torrent) => new(torrent.PieceCount, torrent.PieceLength, torrent.Layout.TotalLength);

    private static bool IsFailure(LinkCloseReason reason)
        => reason is not (LinkCloseReason.Local or LinkCloseReason.Shutdown or LinkCloseReason.Remote or LinkCloseReason.Duplicate or LinkCloseReason.NetworkChanged);

    private bool IsOurselves(IPeerLink link, in Handshake theirs)
    {
        if (theirs.PeerId != session.Core.PeerId)
            return false;
        if (link.IsOutbound)
        {
            session.Core.OwnAddresses.Add(link.Remote);
            session.Swarm.AddOwnAddress(link.Remote);
        }
        return true;
    }

    /// <summary>
    /// Whether the link is a second one to a peer. When both ends have dialled at once, both keep the link that the one with the greater
    /// peer id began, so that not both go; of two that one end began, the older stays.
    /// </summary>
    private bool IsSpare(IPeerLink link, in Handshake theirs)
    {
        foreach (PeerState other in _peers.Values)
        {
            if (other.IsClosing || other.PeerId != theirs.PeerId || other.Link.Remote.WithPort(0) != link.Remote.WithPort(0))
                continue;
            bool oursCount = session.Core.PeerId.CompareTo(theirs.PeerId) > 0;
            if (other.Link.IsOutbound == link.IsOutbound || other.Link.IsOutbound == oursCount)
                return true;
            other.Close(LinkCloseReason.Duplicate);
            return false;
        }
        return false;
    }

    private void Begin(IPeerLink link, in Handshake theirs, TimeSpan now)
    {
        var peer = new PeerState(link, theirs.PeerId, theirs.Features) { ClientName = theirs.PeerId.ToString() };
        _peers[link.Id] = peer;
        session.TickSoon(now);
        link.Accept(session.OurHandshake, new LinkPlan(session.Front.Rates.Budget, peer.IsFast));
        if (session.Torrent is { } torrent)
            link.SetLayout(LayoutOf(torrent));
        Telemetry.LinksOpened.Add(1);
        session.Swarm.LinkOpened(link.Id, link.Remote, link.IsOutbound, peer.IsFast, now);
        // A bitfield has to be the first message (BEP 3).
        session.Driver.Drain(now);
        if ((peer.Features & HandshakeFeatures.Extended) != 0)
            link.Send(PeerMessage.Extended(ExtensionIds.Handshake, session.ExtensionHandshakeFor(link).Write()));
        if ((peer.Features & HandshakeFeatures.Dht) != 0 && session.Core.Dht.Port(link.Remote.IsV6) is var port and not 0 && !session.IsPrivate)
            link.Send(PeerMessage.Port(port));
    }

    private bool Handle(PeerState peer, in PeerMessage message, TimeSpan now)
    {
        switch (message.Kind)
        {
            case PeerMessageKind.Extended:
                return HandleExtended(peer, message, now);
            case PeerMessageKind.Port:
                if (!session.IsPrivate && message.Index != 0)
                    session.Core.Dht.AddNode(peer.Link.Remote.WithPort((ushort)message.Index), now);
                return true;
            case PeerMessageKind.KeepAlive:
                return true;
            default:
                return session.Swarm.Handle(peer.Link.Id, message, now) == SwarmError.None;
        }
    }

    private bool HandleExtended(PeerState peer, in PeerMessage message, TimeSpan now)
    {
        switch (message.ExtendedId)
        {
            case ExtensionIds.Handshake:
                return HandleExtensionHandshake(peer, message.Payload, now);
            case ExtensionIds.Metadata:
                return MetadataMessage.TryRead(message.Payload, out MetadataMessage metadata) && session.Metadata.Handle(peer, metadata, now);
            case ExtensionIds.Pex:
                return session.PeerExchange.Handle(peer, message.Payload, now);
            default:
                return true;
        }
    }

    private bool HandleExtensionHandshake(PeerState peer, ReadOnlyMemory<byte> payload, TimeSpan now)
    {
        if (!ExtensionHandshake.TryRead(payload, out ExtensionHandshake handshake))
            return false;
        peer.MetadataId = handshake.MetadataId ?? peer.MetadataId;
        peer.PexId = handshake.PexId ?? peer.PexId;
        peer.ClientName = handshake.Client ?? peer.ClientName;
        if (handshake.RequestQueue is { } queue)
            session.Swarm.SetRequestLimit(peer.Link.Id, queue);
        if (handshake.Port is { } port)
            session.Swarm.SetListenPort(peer.Link.Id, port, now);
        session.Swarm.SetTakesPex(peer.Link.Id, peer.PexId != 0 && session.PeerExchange.IsOn);
        if (handshake.IsUploadOnly is { } only)
            session.Swarm.SetUploadOnly(peer.Link.Id, only, now);
        if (handshake.MetadataSize is { } size && peer.MetadataId != 0)
            session.Metadata.Offered(peer, size, now);
        return true;
    }
}
