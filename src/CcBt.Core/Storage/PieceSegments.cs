using System.Runtime.InteropServices;

namespace CcBt.Core.Storage;

/// <summary>The buffers that hold consecutive bytes of a piece, to be cut into one list a file. Kept and used again; not thread-safe.</summary>
internal sealed class PieceSegments
{
    private readonly List<ReadOnlyMemory<byte>> _all = [];
    private readonly List<ReadOnlyMemory<byte>> _cut = [];
    private int _index;
    private int _offset;

    public void Add(ReadOnlyMemory<byte> bytes) => _all.Add(bytes);

    public void Clear()
    {
        _all.Clear();
        _cut.Clear();
        Rewind();
    }

    public void Rewind() => _index = _offset = 0;

    public void Skip(int length)
    {
        while (length > 0)
            length -= Next(length).Length;
    }

    /// <summary>Writes the next <paramref name="length"/> bytes to a file: one call, or one gathered call when they lie in several buffers.</summary>
    public void WriteTo(IDiskFile file, long offset, int length)
    {
        _cut.Clear();
        while (length > 0)
        {
            ReadOnlyMemory<byte> part = Next(length);
            _cut.Add(part);
            length -= part.Length;
        }
        if (_cut.Count == 1)
            file.Write(CollectionsMarshal.AsSpan(_cut)[0].Span, offset);
        else
            file.Write(_cut, offset);
    }

    private ReadOnlyMemory<byte> Next(int most)
    {
        ReadOnlyMemory<byte> segment = _all[_index][_offset..];
        if (segment.Length > most)
        {
            _offset += most;
            return segment[..most];
        }
        _index++;
        _offset = 0;
        return segment;
    }
}
