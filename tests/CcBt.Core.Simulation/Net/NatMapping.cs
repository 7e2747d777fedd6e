using CcBt.Core.Addressing;

namespace CcBt.Core.Simulation.Net;

/// <summary>An outer port of a NAT, and who was written to through it.</summary>
internal sealed class NatMapping(ushort port)
{
    public ushort Port => port;

    public TimeSpan UsedAt { get; set; }

    /// <summary>When each was last written to.</summary>
    public Dictionary<PeerAddress, TimeSpan> Contacts { get; } = [];
}
