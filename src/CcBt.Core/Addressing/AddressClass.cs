namespace CcBt.Core.Addressing;

/// <summary>Where an address can be reached from; rules against floods and for SSRF go by it.</summary>
internal enum AddressClass
{
    /// <summary>Unspecified, multicast, broadcast or reserved: never a peer.</summary>
    Unusable = 0,
    Loopback,
    LinkLocal,

    /// <summary>RFC 1918, RFC 6598 and unique local IPv6 addresses.</summary>
    Private,
    Global,
}
