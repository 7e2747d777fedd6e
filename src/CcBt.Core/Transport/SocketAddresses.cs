using System.Net;
using System.Net.Sockets;
using CcBt.Core.Addressing;

namespace CcBt.Core.Transport;

/// <summary>
/// Reads and fills socket addresses in place, so that a datagram costs no allocation:
/// <code>
/// IPv4: | family 2 | port 2 | address 4 | ...        IPv6: | family 2 | port 2 | flow 4 | address 16 | scope 4 |
/// </code>
/// </summary>
internal static class SocketAddresses
{
    public static SocketAddress Create(bool isV6)
        => new IPEndPoint(isV6 ? IPAddress.IPv6Any : IPAddress.Any, 0).Serialize();

    public static void Set(SocketAddress socketAddress, PeerAddress address)
    {
        Span<byte> buffer = socketAddress.Buffer.Span;
        buffer[2] = (byte)(address.Port >> 8);
        buffer[3] = (byte)address.Port;
        address.WriteAddress(buffer[(address.IsV6 ? 8 : 4)..]);
    }

    /// <summary>False when the kernel gave an address of neither family.</summary>
    public static bool TryGet(SocketAddress socketAddress, out PeerAddress address)
    {
        ReadOnlySpan<byte> buffer = socketAddress.Buffer.Span;
        ushort port = (ushort)(buffer[2] << 8 | buffer[3]);
        (bool known, address) = socketAddress.Family switch
        {
            AddressFamily.InterNetwork => (true, PeerAddress.FromBytes(buffer.Slice(4, 4), port)),
            AddressFamily.InterNetworkV6 => (true, PeerAddress.FromBytes(buffer.Slice(8, 16), port)),
            _ => (false, default),
        };
        return known;
    }
}
