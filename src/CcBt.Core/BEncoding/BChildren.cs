namespace CcBt.Core.BEncoding;

/// <summary>Walks the elements of a list or the entries of a dictionary without allocating.</summary>
internal struct BChildren
{
    private readonly BDocument? _document;
    private readonly int _end;
    private readonly bool _isDictionary;
    private int _next;

    internal BChildren(BDocument document, int container)
    {
        ref readonly BToken token = ref document.Token(container);
        _document = document;
        _isDictionary = token.Kind == BKind.Dictionary;
        _next = container + 1;
        _end = token.Next;
    }

    public BEntry Current { get; private set; }

    public readonly BChildren GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_document is null || _next >= _end)
            return false;
        BValue key = default;
        if (_isDictionary)
            key = new BValue(_document, _next++);
        Current = new BEntry(key, new BValue(_document, _next));
        _next = _document.Token(_next).Next;
        return true;
    }
}
