using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>A host name was looked up; no address means that it has none or that the look-up failed.</summary>
internal sealed class HostResolvedMessage(HostAndPort host, IReadOnlyList<PeerAddress> addresses) : ClientMessage
{
    public override void Apply(ClientCore core, TimeSpan now) => core.Dht.Resolved(host, addresses, now);
}
