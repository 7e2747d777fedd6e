using CcBt.Core.Transport;

namespace CcBt.Core.Session;

/// <summary>A link is over.</summary>
internal sealed class LinkClosedMessage(IPeerLink link, LinkCloseReason reason) : ClientMessage
{
    public override void Apply(ClientCore core, TimeSpan now) => core.Links.Closed(link, reason, now);
}
