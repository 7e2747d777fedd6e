namespace CcBt.Core.BEncoding;

/// <summary>What is wrong with some bencode, and at which byte.</summary>
internal readonly record struct BError(BErrorCode Code, int Offset)
{
    public override string ToString() => $"{Code} at byte {Offset}";
}
