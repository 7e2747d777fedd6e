using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace CcBt.Core.Addressing;

/// <summary>
/// An address and port as a value without allocation. IPv4-mapped IPv6 addresses are kept as IPv4, so that one peer
/// has one value. An IPv4 address sits in the low 32 bits. The address is two words, because code over types that hold a UInt128
/// is left out of ahead-of-time compilation.
/// </summary>
internal readonly record struct PeerAddress : IComparable<PeerAddress>
{
    private PeerAddress(ulong high, ulong low, ushort port, bool isV6)
    {
        High = high;
        Low = low;
        Port = port;
        IsV6 = isV6;
    }

    public ushort Port { get; }

    public bool IsV6 { get; }

    /// <summary>4 or 16.</summary>
    public int AddressLength => IsV6 ? 16 : 4;

    /// <summary>The first half of an IPv6 address as a number in network order; 0 for IPv4.</summary>
    public ulong High { get; }

    /// <summary>The second half of an IPv6 address as a number in network order, or the whole IPv4 address.</summary>
    public ulong Low { get; }

    /// <summary>Whether this is 0.0.0.0 or ::.</summary>
    public bool IsUnspecified => (High | Low) == 0;

    /// <summary>Reads 4 or 16 bytes in network order.</summary>
    public static PeerAddress FromBytes(ReadOnlySpan<byte> address, ushort port)
    {
        if (address.Length == 4)
            return FromV4(BinaryPrimitives.ReadUInt32BigEndian(address), port);
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(address), low = BinaryPrimitives.ReadUInt64BigEndian(address[8..16]);
        return high == 0 && low >> 32 == 0xFFFF ? FromV4((uint)low, port) : new PeerAddress(high, low, port, true);
    }

    public static PeerAddress FromV4(uint address, ushort port) => new(0, address, port, false);

    public static PeerAddress From(IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.TryWriteBytes(bytes, out int length);
        return FromBytes(bytes[..length], (ushort)endPoint.Port);
    }

    /// <summary>Reads <c>1.2.3.4:5</c> or <c>[::1]:5</c>. Host names are not looked up.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PeerAddress address)
    {
        address = default;
        // IPEndPoint accepts an address without a port; a peer needs one.
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || (text[0] == '[') != (text[colon - 1] == ']') || (text[0] != '[' && text[..colon].Contains(':')))
            return false;
        if (!IPEndPoint.TryParse(text, out IPEndPoint? endPoint) || endPoint.Port == 0)
            return false;
        address = From(endPoint);
        return true;
    }

    public PeerAddress WithPort(ushort port) => new(High, Low, port, IsV6);

    /// <summary>Whether both are the same host, whatever the ports.</summary>
    public bool IsSameHost(PeerAddress other) => High == other.High && Low == other.Low && IsV6 == other.IsV6;

    /// <summary>Writes the 4 or 16 bytes of the address and returns how many they are.</summary>
    public int WriteAddress(Span<byte> destination)
    {
        if (!IsV6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Low);
            return AddressLength;
        }
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
        return AddressLength;
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..WriteAddress(bytes)]);
    }

    public IPEndPoint ToEndPoint() => new(ToIPAddress(), Port);

    public AddressFamily Family => IsV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    public int CompareTo(PeerAddress other)
    {
        int order = IsV6.CompareTo(other.IsV6);
        if (order == 0)
            order = High.CompareTo(other.High);
        if (order == 0)
            order = Low.CompareTo(other.Low);
        return order != 0 ? order : Port.CompareTo(other.Port);
    }

    public override string ToString() => ToEndPoint().ToString();
}
