namespace CcBt.Core.BEncoding;

/// <summary>The four types of bencode (BEP 3).</summary>
internal enum BKind : byte
{
    None = 0,
    Integer,
    String,
    List,
    Dictionary,
}
