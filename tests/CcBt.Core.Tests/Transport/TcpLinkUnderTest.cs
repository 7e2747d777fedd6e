using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

/// <summary>A link with shorthands for one message or block.</summary>
internal sealed record TcpLinkUnderTest(IPeerLink Link)
{
    public void Send(PeerMessage message) => Link.Send(message);

    public void Lease(MemoryTorrent into, params BlockAddress[] blocks) => Link.Lease(into.Leases(blocks), 0);

    public void Cancel(params BlockAddress[] blocks) => Link.Cancel(blocks);
}
