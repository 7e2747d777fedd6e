namespace CcBt.Core.Addressing;

/// <summary>Sorts addresses into classes and networks.</summary>
internal static class AddressClasses
{
    /// <summary>The upper 96 bits of 64:ff9b::/96 (RFC 6052).</summary>
    private static readonly UInt128 s_nat64 = new(0x0064FF9B, 0);

    public static AddressClass Classify(this PeerAddress address)
        => address.IsV6 ? ClassifyV6(address.Bits) : ClassifyV4((uint)address.Bits);

    /// <summary>The network that per-prefix rules count: /24 for IPv4, /64 for IPv6; the port is zero.</summary>
    public static PeerAddress Network(this PeerAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        int length = address.WriteAddress(bytes);
        bytes[(address.IsV6 ? 8 : 3)..length].Clear();
        return PeerAddress.FromBytes(bytes[..length], 0);
    }

    /// <summary>
    /// Whether a source may name an address to us: a global source names global ones only, so that strangers can not
    /// direct us into our own network, and loopback addresses come from loopback only.
    /// </summary>
    public static bool MayName(this AddressClass source, AddressClass named) => named switch
    {
        AddressClass.Global => source != AddressClass.Unusable,
        AddressClass.Private or AddressClass.LinkLocal => source is AddressClass.Private or AddressClass.LinkLocal or AddressClass.Loopback,
        AddressClass.Loopback => source == AddressClass.Loopback,
        _ => false,
    };

    private static AddressClass ClassifyV4(uint a) => (a >> 24, a >> 16) switch
    {
        (0, _) => AddressClass.Unusable,
        (127, _) => AddressClass.Loopback,
        (10, _) => AddressClass.Private,
        (_, 0xA9FE) => AddressClass.LinkLocal,
        (_, 0xC0A8) => AddressClass.Private,
        (172, >= 0xAC10 and <= 0xAC1F) => AddressClass.Private,
        (100, >= 0x6440 and <= 0x647F) => AddressClass.Private,
        ( >= 224, _) => AddressClass.Unusable,
        _ => AddressClass.Global,
    };

    private static AddressClass ClassifyV6(UInt128 a)
    {
        if (a == UInt128.Zero)
            return AddressClass.Unusable;
        if (a == UInt128.One)
            return AddressClass.Loopback;
        ushort head = (ushort)(a >> 112);
        if ((head & 0xFFC0) is 0xFE80)
            return AddressClass.LinkLocal;
        // Unique local addresses, and the site-local ones that came before them.
        if ((head & 0xFE00) == 0xFC00 || (head & 0xFFC0) == 0xFEC0)
            return AddressClass.Private;
        // Addresses that carry an IPv4 address (6to4, NAT64) lead where that leads, but never into our own network.
        if (head == 0x2002)
            return GlobalOnly((uint)(a >> 80));
        if (a >> 32 == s_nat64)
            return GlobalOnly((uint)a);
        return (head & 0xE000) == 0x2000 ? AddressClass.Global : AddressClass.Unusable;
    }

    private static AddressClass GlobalOnly(uint embedded)
        => ClassifyV4(embedded) == AddressClass.Global ? AddressClass.Global : AddressClass.Unusable;
}
