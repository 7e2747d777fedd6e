using System.Buffers.Text;
using System.Text;

namespace CcBt.Core.BEncoding;

/// <summary>
/// A value inside a <see cref="BDocument"/>. The default value has kind <see cref="BKind.None"/>, and asking it for
/// anything finds nothing, so a chain of look-ups needs one check at its end.
/// </summary>
internal readonly struct BValue
{
    private readonly BDocument? _document;
    private readonly int _index;

    internal BValue(BDocument document, int index)
    {
        _document = document;
        _index = index;
    }

    public BKind Kind => _document is null ? BKind.None : _document.Token(_index).Kind;

    public bool Exists => _document is not null;

    /// <summary>Where the encoding of the value begins in the input; -1 for a value that does not exist.</summary>
    public int Offset => _document is null ? -1 : _document.Token(_index).Start;

    /// <summary>The value's whole encoding: what an info hash is computed over.</summary>
    public ReadOnlySpan<byte> Raw
    {
        get
        {
            if (_document is null)
                return default;
            ref readonly BToken token = ref _document.Token(_index);
            return _document.Data[token.Start..token.End];
        }
    }

    /// <summary>The same as <see cref="Raw"/>, as memory of the parsed input.</summary>
    public ReadOnlyMemory<byte> RawMemory
    {
        get
        {
            if (_document is null)
                return default;
            ref readonly BToken token = ref _document.Token(_index);
            return _document.Memory[token.Start..token.End];
        }
    }

    /// <summary>A string's bytes; empty when the value is no string.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            if (Kind != BKind.String)
                return default;
            ref readonly BToken token = ref _document!.Token(_index);
            return _document.Data[token.DataStart..token.End];
        }
    }

    /// <summary>The same as <see cref="Bytes"/>, as memory of the parsed input.</summary>
    public ReadOnlyMemory<byte> BytesMemory
    {
        get
        {
            if (Kind != BKind.String)
                return default;
            ref readonly BToken token = ref _document!.Token(_index);
            return _document.Memory[token.DataStart..token.End];
        }
    }

    /// <summary>The children of a list, or the values with their keys of a dictionary; none for anything else.</summary>
    public BChildren Children => _document is null ? default : new BChildren(_document, _index);

    /// <summary>How many elements a list, or entries a dictionary, has. Walks them.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (BEntry _ in Children)
                count++;
            return count;
        }
    }

    /// <summary>The value under <paramref name="key"/>; a value that does not exist when this is no dictionary or lacks the key.</summary>
    public BValue this[ReadOnlySpan<byte> key]
    {
        get
        {
            if (Kind != BKind.Dictionary)
                return default;
            foreach (BEntry entry in Children)
            {
                if (entry.Key.SequenceEqual(key))
                    return entry.Value;
            }
            return default;
        }
    }

    public bool TryGetInteger(out long value)
    {
        value = 0;
        if (Kind != BKind.Integer)
            return false;
        ref readonly BToken token = ref _document!.Token(_index);
        return Utf8Parser.TryParse(_document.Data[token.DataStart..(token.End - 1)], out value, out _);
    }

    public bool TryGetBytes(out ReadOnlySpan<byte> value)
    {
        value = Bytes;
        return Kind == BKind.String;
    }

    /// <summary>A string's text; bytes that are not UTF-8 become U+FFFD. Null when the value is no string.</summary>
    public string? AsText() => Kind == BKind.String ? Encoding.UTF8.GetString(Bytes) : null;

    public long? AsInteger() => TryGetInteger(out long value) ? value : null;
}
