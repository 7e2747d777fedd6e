namespace CcBt.Core.Wire;

/// <summary>The ids that this library gives the extensions it understands: what peers put into messages to it (BEP 10).</summary>
internal static class ExtensionIds
{
    public const byte Handshake = 0;
    public const byte Pex = 1;
    public const byte Metadata = 2;

    public static bool IsKnown(byte id) => id <= Metadata;
}
