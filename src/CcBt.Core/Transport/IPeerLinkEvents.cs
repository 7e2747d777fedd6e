using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>What a link tells the owner. Calls come from any thread, in order for one link; they only post and never wait.</summary>
internal interface IPeerLinkEvents
{
    /// <summary>An outbound link is connected and the handshakes are exchanged and fit; the owner calls <see cref="IPeerLink.Accept"/> or closes it.</summary>
    void Opened(IPeerLink link, in Handshake theirs);

    /// <summary>An inbound link has sent its handshake; the owner calls <see cref="IPeerLink.Accept"/> when it knows the info hash, else closes it.</summary>
    void Arrived(IPeerLink link, in Handshake theirs);

    /// <summary>Messages and receipts gathered since the last report. The receiver owns the report and returns it with <see cref="PeerReport.Return"/>.</summary>
    void Reported(IPeerLink link, PeerReport report);

    /// <summary>The link has read all there was, and is about to wait.</summary>
    void Drained()
    {
    }

    /// <summary>The link is over; every lease and claim it had is given up. Comes exactly once for a link that was dialled or has arrived.</summary>
    void Closed(IPeerLink link, LinkCloseReason reason);
}
