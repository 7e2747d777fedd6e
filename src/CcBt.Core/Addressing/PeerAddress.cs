using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace CcBt.Core.Addressing;

/// <summary>
/// An address and port as a value without allocation. IPv4-mapped IPv6 addresses are kept as IPv4, so that one peer
/// has one value. An IPv4 address sits in the low 32 bits.
/// </summary>
internal readonly record struct PeerAddress : IComparable<PeerAddress>
{
    private readonly UInt128 _bits;

    private PeerAddress(UInt128 bits, ushort port, bool isV6)
    {
        _bits = bits;
        Port = port;
        IsV6 = isV6;
    }

    public ushort Port { get; }

    public bool IsV6 { get; }

    /// <summary>4 or 16.</summary>
    public int AddressLength => IsV6 ? 16 : 4;

    /// <summary>The address as a number in network order; an IPv4 address takes the low 32 bits.</summary>
    public UInt128 Bits => _bits;

    /// <summary>Reads 4 or 16 bytes in network order.</summary>
    public static PeerAddress FromBytes(ReadOnlySpan<byte> address, ushort port)
    {
        if (address.Length == 4)
            return new PeerAddress(BinaryPrimitives.ReadUInt32BigEndian(address), port, false);
        UInt128 bits = BinaryPrimitives.ReadUInt128BigEndian(address);
        return bits >> 32 == 0xFFFF ? new PeerAddress(bits & uint.MaxValue, port, false) : new PeerAddress(bits, port, true);
    }

    public static PeerAddress FromV4(uint address, ushort port) => new(address, port, false);

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

    public PeerAddress WithPort(ushort port) => new(_bits, port, IsV6);

    /// <summary>Writes the 4 or 16 bytes of the address and returns how many they are.</summary>
    public int WriteAddress(Span<byte> destination)
    {
        if (IsV6)
            BinaryPrimitives.WriteUInt128BigEndian(destination, _bits);
        else
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_bits);
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
            order = _bits.CompareTo(other._bits);
        return order != 0 ? order : Port.CompareTo(other.Port);
    }

    public override string ToString() => ToEndPoint().ToString();
}
