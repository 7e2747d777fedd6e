using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>A peer connected to us and named an info hash.</summary>
internal sealed class LinkArrivedMessage(IPeerLink link, Handshake theirs) : ClientMessage
{
    public override void Apply(ClientCore core, TimeSpan now) => core.Links.Arrived(link, theirs, now);
}
