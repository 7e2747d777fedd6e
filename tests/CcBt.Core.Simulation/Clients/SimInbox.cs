using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Clients;

/// <summary>What a link does with decoded messages: as the real one, requests are queued, blocks matched with leases, the rest reported.</summary>
internal sealed class SimInbox(LinkLife life, LeaseTable leases, UploadQueue uploads, LinkReporter reporter, SimSender sender, bool useFast) : IPeerReaderSink
{
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
                if (uploads.TryCancel(message.Block) && useFast)
                    sender.Enqueue(PeerMessage.Reject(message.Block));
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

    private void Request(in BlockAddress block)
    {
        switch (uploads.Add(block))
        {
            case UploadVerdict.Refused when useFast:
                sender.Enqueue(PeerMessage.Reject(block));
                break;
            case UploadVerdict.Abused:
                life.Close(LinkCloseReason.ProtocolError);
                break;
        }
    }
}
