namespace CcBt.Core.Addressing;

/// <summary>Sorts addresses into classes and networks.</summary>
internal static class AddressClasses
{
    /// <summary>The upper half of 64:ff9b::/96 (RFC 6052); 32 zero bits follow.</summary>
    private const ulong Nat64 = 0x0064_FF9B_0000_0000;

    public static AddressClass Classify(this PeerAddress address)
        => address.IsV6 ? ClassifyV6(address.High, address.Low) : ClassifyV4((uint)address.Low);

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

    private static AddressClass ClassifyV6(ulong high, ulong low)
    {
        if (high == 0 && low <= 1)
            return low == 0 ? AddressClass.Unusable : AddressClass.Loopback;
        ushort head = (ushort)(high >> 48);
        if ((head & 0xFFC0) is 0xFE80)
            return AddressClass.LinkLocal;
        // Unique local addresses, and the site-local ones that came before them.
        if ((head & 0xFE00) == 0xFC00 || (head & 0xFFC0) == 0xFEC0)
            return AddressClass.Private;
        // Addresses that carry an IPv4 address (6to4, NAT64) lead where that leads, but never into our own network.
        if (head == 0x2002)
            return GlobalOnly((uint)(high >> 16));
        if (high == Nat64 && low >> 32 == 0)
            return GlobalOnly((uint)low);
        return (head & 0xE000) == 0x2000 ? AddressClass.Global : AddressClass.Unusable;
    }

    private static AddressClass GlobalOnly(uint embedded)
        => ClassifyV4(embedded) == AddressClass.Global ? AddressClass.Global : AddressClass.Unusable;
}
