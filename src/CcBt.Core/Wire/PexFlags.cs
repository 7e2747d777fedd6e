namespace CcBt.Core.Wire;

/// <summary>What an exchange message says of an added peer (BEP 11).</summary>
[Flags]
internal enum PexFlags : byte
{
    None = 0,
    PrefersEncryption = 0x01,
    UploadOnly = 0x02,
    Utp = 0x04,
    Holepunch = 0x08,
    Reachable = 0x10,
}
