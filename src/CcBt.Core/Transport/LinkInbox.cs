using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>
/// Takes what the reader decodes: serves requests and matches blocks with leases itself, and hands the rest to the owner. Only the
/// receive loop calls it.
/// </summary>
internal sealed class LinkInbox(LinkLife life, LeaseTable leases, UploadQueue uploads, LinkReporter reporter, IMessageQueue replies, bool useFast) : IPeerReaderSink
{
    private bool _mustSend;

    public void OnMessage(in PeerMessage message)
    {
        switch (message.Kind)
        {
            case PeerMessageKind.KeepAlive:
                return;
            case PeerMessageKind.Request:
                Request(message.Block);
                return;
            case PeerMessageKind.Cancel:
                Cancel(message.Block);
                return;
            case PeerMessageKind.Choke when !useFast:
                leases.Void();
                break;
            case PeerMessageKind.Unchoke:
                leases.Restore();
                break;
            case PeerMessageKind.Reject:
                leases.Reject(message.Block);
                break;
        }
        reporter.Add(message);
    }

    public bool TryOpenBlock(in BlockAddress block, out Memory<byte> destination) => leases.TryOpen(block, out destination);

    public void OnBlock(in BlockAddress block, bool isUsed)
    {
        leases.End(block);
        reporter.Add(new BlockReceipt(block, isUsed));
    }

    /// <summary>All that one receive brought has been decoded. True when there is something to send.</summary>
    public bool EndReceive()
    {
        reporter.PostIfDue();
        bool mustSend = _mustSend;
        _mustSend = false;
        return mustSend;
    }

    private void Request(in BlockAddress block)
    {
        switch (uploads.Add(block))
        {
            case UploadVerdict.Queued:
                _mustSend = true;
                break;
            case UploadVerdict.Refused when useFast:
                Refuse(block);
                break;
            case UploadVerdict.Abused:
                life.Close(LinkCloseReason.ProtocolError);
                break;
        }
    }

    // Between fast peers every request has one answer, also a cancelled one (BEP 6).
    private void Cancel(in BlockAddress block)
    {
        if (uploads.TryCancel(block) && useFast)
            Refuse(block);
    }

    private void Refuse(in BlockAddress block)
    {
        replies.Enqueue(PeerMessage.Reject(block));
        _mustSend = true;
    }
}
