using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Session;

/// <summary>A connection that is only written down; the test plays the peer.</summary>
internal sealed class FakeLink(int id, PeerAddress remote, bool isOutbound, IMailbox mailbox) : IPeerLink
{
    public int Id => id;

    public PeerAddress Remote => remote;

    public bool IsOutbound => isOutbound;

    public PeerAddress? LocalAddress { get; set; }

    public LinkTraffic Traffic { get; set; }

    public List<PeerMessage> Sent { get; } = [];

    public List<int> AllowedFast { get; } = [];

    public LinkCloseReason? Closed { get; private set; }

    public bool IsAccepted { get; private set; }

    /// <summary>The peer answered our handshake.</summary>
    public void Open(InfoHash infoHash, PeerId peer)
        => mailbox.Post(new LinkOpenedMessage(this, new Handshake(infoHash, peer, HandshakeFeatures.Extended | HandshakeFeatures.Fast)));

    /// <summary>The peer connected to us.</summary>
    public void Arrive(InfoHash infoHash, PeerId peer)
        => mailbox.Post(new LinkArrivedMessage(this, new Handshake(infoHash, peer, HandshakeFeatures.Extended | HandshakeFeatures.Fast)));

    public void Receive(params PeerMessage[] messages)
    {
        PeerReport report = PeerReport.Rent();
        report.Messages.AddRange(messages);
        mailbox.Post(new LinkReportMessage(this, report));
    }

    public void Accept(in Handshake ours, in LinkPlan plan) => IsAccepted = true;

    public void SetLayout(in LinkLayout layout)
    {
    }

    public void Send(in PeerMessage message) => Sent.Add(message);

    public void Lease(ReadOnlySpan<BlockLease> leases, int reportMark)
    {
    }

    public void Cancel(ReadOnlySpan<BlockAddress> blocks)
    {
    }

    public void Unchoke(IBlockSource source)
    {
    }

    public void AllowFast(IBlockSource source, ReadOnlySpan<int> pieces) => AllowedFast.AddRange(pieces);

    public void Choke()
    {
    }

    public void FlushReport()
    {
    }

    public void Close(LinkCloseReason reason)
    {
        if (Closed is not null)
            return;
        Closed = reason;
        mailbox.Post(new LinkClosedMessage(this, reason));
    }
}
