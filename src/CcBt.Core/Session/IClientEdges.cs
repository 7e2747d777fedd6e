using CcBt.Core.Addressing;
using CcBt.Core.Dht;
using CcBt.Core.Storage;
using CcBt.Core.Trackers;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>
/// Everything the owner has done outside itself: sockets, trackers, disk. No call waits; results come back as messages. The simulator
/// has its own.
/// </summary>
internal interface IClientEdges
{
    /// <summary>The number of the next link, dialled or inbound; none is used twice.</summary>
    int NextLinkId();

    IPeerLink Dial(int linkId, PeerAddress to, in Handshake ours);

    void SendDatagram(PeerAddress to, ReadOnlyMemory<byte> datagram);

    /// <summary>Announces to a tracker; answered by <see cref="AnnounceEndedMessage"/>.</summary>
    void Announce(int announceId, AnnounceOrder order);

    /// <summary>Announces a torrent on the local network again and again (BEP 14), until <see cref="EndLocalSearch"/>.</summary>
    void BeginLocalSearch(InfoHash infoHash);

    void EndLocalSearch(InfoHash infoHash);

    /// <summary>Looks a host up; answered by <see cref="HostResolvedMessage"/>, with no address when that failed.</summary>
    void Resolve(HostAndPort host);

    /// <summary>Opens a session's files; answered by <see cref="StoreOpenedMessage"/> or <see cref="StoreFailedMessage"/>.</summary>
    void OpenStore(SessionCore session, StoreOrder order);

    /// <summary>
    /// Closes a session's files, if any, and does what <paramref name="closure"/> says with its state. Answered by <see cref="StoreClosedMessage"/>
    /// when a session is named.
    /// </summary>
    void CloseStore(SessionCore? session, ISessionStore? store, StoreClosure closure);

    /// <summary>Saves the state of a session whose files are not open; answered by <see cref="StateSavedMessage"/>.</summary>
    void SaveState(SessionCore session, ResumeData resume);

    /// <summary>Closes the sockets that listen and binds them anew to the same addresses and ports; what cannot be bound yet is tried again. Links stay.</summary>
    void RenewSockets();

    void SaveDht(DhtSnapshot snapshot);
}
