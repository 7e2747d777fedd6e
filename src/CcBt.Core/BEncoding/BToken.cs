namespace CcBt.Core.BEncoding;

/// <summary>
/// One value of a parsed document. <see cref="Start"/>..<see cref="End"/> is its whole encoding,
/// <see cref="DataStart"/> the first byte of a string's content, <see cref="Next"/> the token behind it and all its children.
/// </summary>
internal struct BToken
{
    public int Start;
    public int DataStart;
    public int End;
    public int Next;
    public BKind Kind;
}
