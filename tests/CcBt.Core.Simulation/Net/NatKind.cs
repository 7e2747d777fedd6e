namespace CcBt.Core.Simulation.Net;

/// <summary>What a NAT lets in, and what the other side sees.</summary>
internal enum NatKind
{
    None = 0,

    /// <summary>One outer port for all datagrams of a host; whoever sends to it gets in.</summary>
    FullCone,

    /// <summary>One outer port; the addresses that were written to get in, from any port.</summary>
    AddressRestricted,

    /// <summary>One outer port; only the very addresses and ports that were written to get in.</summary>
    PortRestricted,

    /// <summary>An outer port for each destination, through which only that one gets in: nobody else can use what one was told.</summary>
    Symmetric,
}
