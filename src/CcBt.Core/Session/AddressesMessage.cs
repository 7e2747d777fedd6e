using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>The machine's addresses have changed, or may have; with port 0.</summary>
internal sealed class AddressesMessage(IReadOnlyList<PeerAddress> addresses) : ClientMessage
{
    public override void Apply(ClientCore core, TimeSpan now) => core.Network.AddressesAre(addresses, now);
}
