namespace CcBt.Core.Transport;

/// <summary>The parts of one link that its loops share.</summary>
internal sealed record LinkParts(LinkLife Life, LinkClock Clock, LeaseTable Leases, UploadQueue Uploads, LinkReporter Reporter, LinkSender Sender);
