using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>A connection that we dialled is open and its handshake fits.</summary>
internal sealed class LinkOpenedMessage(IPeerLink link, Handshake theirs) : ClientMessage
{
    public override void Apply(ClientCore core, TimeSpan now) => core.Links.Opened(link, theirs, now);
}
