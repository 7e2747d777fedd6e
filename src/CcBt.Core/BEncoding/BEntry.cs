namespace CcBt.Core.BEncoding;

/// <summary>An element of a list (its key is empty) or an entry of a dictionary.</summary>
internal readonly struct BEntry
{
    private readonly BValue _key;

    internal BEntry(BValue key, BValue value)
    {
        _key = key;
        Value = value;
    }

    public ReadOnlySpan<byte> Key => _key.Bytes;

    public int KeyOffset => _key.Offset;

    public BValue Value { get; }
}
