using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>
/// One connection to a peer as the owner sees it. Only the owner calls it; no call waits. What happens on the
/// connection comes back through <see cref="IPeerLinkEvents"/>.
/// </summary>
internal interface IPeerLink
{
    /// <summary>Unique in the client, never used again.</summary>
    int Id { get; }

    PeerAddress Remote { get; }

    bool IsOutbound { get; }

    /// <summary>Our end's address with port 0; null while the link is not connected or when it has ended.</summary>
    PeerAddress? LocalAddress { get; }

    /// <summary>Payload and protocol bytes so far; any thread may read it.</summary>
    LinkTraffic Traffic { get; }

    /// <summary>
    /// Answers an inbound handshake (nothing was sent before) and lets messages flow. On an outbound link it is called
    /// once after <see cref="IPeerLinkEvents.Opened"/> to let messages flow.
    /// </summary>
    void Accept(in Handshake ours, in LinkPlan plan);

    /// <summary>The piece count became known (metadata): bitfields, indexes and requests are checked against it from now on.</summary>
    void SetLayout(in LinkLayout layout);

    /// <summary>Queues one control message; several queued in one step of the owner leave in one send.</summary>
    void Send(in PeerMessage message);

    /// <summary>
    /// Requests these blocks. A report is posted at the latest when the outstanding leases have fallen to
    /// <paramref name="reportMark"/>; receipts in between are coalesced.
    /// </summary>
    void Lease(ReadOnlySpan<BlockLease> leases, int reportMark);

    /// <summary>Takes leases back and sends cancels. A block that is being received right now stays leased.</summary>
    void Cancel(ReadOnlySpan<BlockAddress> blocks);

    /// <summary>Unchokes the peer: from now on the link serves its requests from <paramref name="source"/> on its own.</summary>
    void Unchoke(IBlockSource source);

    /// <summary>Tells the peer that it may have these pieces while it is choked, and serves them from <paramref name="source"/>, each block once (BEP 6).</summary>
    void AllowFast(IBlockSource source, ReadOnlySpan<int> pieces);

    /// <summary>Chokes the peer: queued requests are dropped (rejected when both sides are fast, BEP 6).</summary>
    void Choke();

    /// <summary>Posts what has been gathered since the last report, if anything.</summary>
    void FlushReport();

    /// <summary>Ends the connection. <see cref="IPeerLinkEvents.Closed"/> still comes, once.</summary>
    void Close(LinkCloseReason reason);
}
