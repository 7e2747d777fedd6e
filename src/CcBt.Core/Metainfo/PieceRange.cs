namespace CcBt.Core.Metainfo;

/// <summary>Consecutive pieces.</summary>
internal readonly record struct PieceRange(int First, int Count)
{
    /// <summary>The piece behind the last one.</summary>
    public int End => First + Count;

    public bool Contains(int piece) => piece >= First && piece < End;
}
