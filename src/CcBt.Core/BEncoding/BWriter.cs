using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace CcBt.Core.BEncoding;

/// <summary>
/// Writes canonical bencode. Keys of a dictionary must come in the order of their bytes, which the writer checks,
/// so that what it writes is always canonical.
/// </summary>
internal sealed class BWriter
{
    private readonly ArrayBufferWriter<byte> _buffer;
    private readonly List<Open> _open = [];

    public BWriter(int capacity = 256) => _buffer = new ArrayBufferWriter<byte>(capacity);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.WrittenMemory;

    public int Length => _buffer.WrittenCount;

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    public void Clear()
    {
        _buffer.ResetWrittenCount();
        _open.Clear();
    }

    public BWriter BeginDictionary()
    {
        BeforeValue();
        _open.Add(new Open { IsDictionary = true, KeyStart = -1 });
        return Raw("d"u8);
    }

    public BWriter BeginList()
    {
        BeforeValue();
        _open.Add(default);
        return Raw("l"u8);
    }

    public BWriter End()
    {
        if (_open.Count == 0 || _open[^1].HasKey)
            throw new InvalidOperationException("No list or dictionary can end here.");
        _open.RemoveAt(_open.Count - 1);
        return Raw("e"u8);
    }

    /// <summary>Writes a key of the open dictionary; it must sort behind the former one.</summary>
    public BWriter Key(ReadOnlySpan<byte> key)
    {
        if (_open.Count == 0 || !_open[^1].IsDictionary || _open[^1].HasKey)
            throw new InvalidOperationException("A key belongs into an open dictionary, behind a value.");
        Open top = _open[^1];
        if (top.KeyStart >= 0 && Written.Slice(top.KeyStart, top.KeyLength).SequenceCompareTo(key) >= 0)
            throw new InvalidOperationException($"The key '{Encoding.UTF8.GetString(key)}' does not sort behind the former one.");
        WriteString(key);
        _open[^1] = top with { HasKey = true, KeyStart = Length - key.Length, KeyLength = key.Length };
        return this;
    }

    public BWriter Integer(long value)
    {
        BeforeValue();
        Span<byte> text = _buffer.GetSpan(24);
        text[0] = (byte)'i';
        Utf8Formatter.TryFormat(value, text[1..], out int digits);
        text[digits + 1] = (byte)'e';
        _buffer.Advance(digits + 2);
        return this;
    }

    public BWriter String(ReadOnlySpan<byte> value)
    {
        BeforeValue();
        WriteString(value);
        return this;
    }

    public BWriter Text(string value) => String(Encoding.UTF8.GetBytes(value));

    /// <summary>Writes a value that is bencode already, such as an info dictionary whose bytes must not change.</summary>
    public BWriter Encoded(ReadOnlySpan<byte> bencode)
    {
        BeforeValue();
        return Raw(bencode);
    }

    private void WriteString(ReadOnlySpan<byte> value)
    {
        Span<byte> text = _buffer.GetSpan(value.Length + 12);
        Utf8Formatter.TryFormat(value.Length, text, out int digits);
        text[digits] = (byte)':';
        value.CopyTo(text[(digits + 1)..]);
        _buffer.Advance(digits + 1 + value.Length);
    }

    private void BeforeValue()
    {
        if (_open.Count == 0)
        {
            if (Length > 0)
                throw new InvalidOperationException("A document has one outermost value.");
            return;
        }
        Open top = _open[^1];
        if (top.IsDictionary && !top.HasKey)
            throw new InvalidOperationException("A value in a dictionary needs a key before it.");
        _open[^1] = top with { HasKey = false };
    }

    private BWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _buffer.Write(bytes);
        return this;
    }

    private record struct Open
    {
        public bool IsDictionary;
        public bool HasKey;
        public int KeyStart;
        public int KeyLength;
    }
}
