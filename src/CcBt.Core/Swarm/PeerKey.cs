using CcBt.Core.Addressing;

namespace CcBt.Core.Swarm;

/// <summary>What counts as one and the same peer.</summary>
internal static class PeerKey
{
    /// <summary>Who is blamed and banned: an address with all its ports. On loopback every port is somebody else.</summary>
    public static PeerAddress ForBlame(PeerAddress address)
        => address.Classify() == AddressClass.Loopback ? address : address.WithPort(0);

    /// <summary>Whom the pool keeps once: a global address; elsewhere each port (several clients of one machine).</summary>
    public static PeerAddress ForPool(PeerAddress address, bool severalPerAddress)
        => !severalPerAddress && address.Classify() == AddressClass.Global ? address.WithPort(0) : address;
}
