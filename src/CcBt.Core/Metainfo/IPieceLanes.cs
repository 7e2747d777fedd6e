namespace CcBt.Core.Metainfo;

/// <summary>Checks several pieces of the same length at the same time, which costs less than one after the other. It belongs to one thread at a time.</summary>
internal interface IPieceLanes
{
    /// <summary>Pieces at a time.</summary>
    int Count { get; }

    /// <summary>From how many pieces on this costs less.</summary>
    int Least { get; }

    /// <summary>The length of every piece, and of every run of one, is a multiple of this.</summary>
    int BlockBytes { get; }

    /// <summary>Begins new pieces, whatever was appended before.</summary>
    void Begin();

    /// <summary>Adds bytes to each piece; those of lane <c>i</c> begin at <c>i * stride</c>. A lane without a piece has any bytes.</summary>
    void Append(ReadOnlySpan<byte> content, int stride, int length);

    /// <summary>Ends the checks: whether what was appended on each lane is the piece of that index.</summary>
    void Finish(ReadOnlySpan<int> pieces, Span<bool> isGood);
}
