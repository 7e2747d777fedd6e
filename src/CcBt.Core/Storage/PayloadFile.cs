namespace CcBt.Core.Storage;

/// <summary>A file that a torrent is made of: where it is, its path below the directory that was given (no elements when the file itself was given), its length in bytes.</summary>
internal sealed record PayloadFile(string FullPath, IReadOnlyList<string> Elements, long Length)
{
    /// <summary>The ordinal order of paths, element by element.</summary>
    public static int Compare(PayloadFile left, PayloadFile right)
    {
        int common = Math.Min(left.Elements.Count, right.Elements.Count);
        for (int i = 0; i < common; i++)
        {
            int order = string.CompareOrdinal(left.Elements[i], right.Elements[i]);
            if (order != 0)
                return order;
        }
        return left.Elements.Count - right.Elements.Count;
    }
}
