namespace CcBt.Core.Wire;

/// <summary>A link that offers metadata of a size.</summary>
internal sealed class MetadataSource(int linkId, int size)
{
    public int LinkId => linkId;

    public int Size => size;

    /// <summary>Requests that it has not answered.</summary>
    public int Outstanding { get; set; }

    /// <summary>It is not asked before this instant: it refused, or was slow.</summary>
    public TimeSpan RestsUntil { get; set; } = TimeSpan.MinValue;
}
