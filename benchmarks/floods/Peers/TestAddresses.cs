using System.Net;

namespace CcBt.Core.Floods.Peers;

/// <summary>Addresses of the namespace: 10.77.0.0/16 are private, 198.18.0.0/15 count as global (RFC 2544).</summary>
internal static class TestAddresses
{
    private const uint PrivateNetwork = 0x0A4D0000;
    private const uint GlobalNetwork = 0xC6120000;

    /// <summary>The <paramref name="index"/>-th private address, 10.77.1.0 and up.</summary>
    public static IPAddress Private(int index) => Of(PrivateNetwork + 0x100 + (uint)index);

    /// <summary>The <paramref name="index"/>-th address that counts as global, 198.18.1.0 and up.</summary>
    public static IPAddress Global(int index) => Of(GlobalNetwork + 0x100 + (uint)index);

    /// <summary>Where the library is reached from a private address.</summary>
    public static IPAddress LibraryPrivate { get; } = Of(PrivateNetwork + 1);

    /// <summary>Where the library is reached from a global address.</summary>
    public static IPAddress LibraryGlobal { get; } = Of(GlobalNetwork + 1);

    /// <summary>Which of its addresses the library is reached at from <paramref name="source"/>.</summary>
    public static IPAddress LibraryFor(IPAddress source) => source.GetAddressBytes()[0] == 10 ? LibraryPrivate : LibraryGlobal;

    private static IPAddress Of(uint address) => new([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]);
}
