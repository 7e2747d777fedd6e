using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

/// <summary>
/// A disk in memory that can lose its power: of what was not flushed any part may be there afterwards, writes of a file in any
/// order and torn, names in the order of a journal. One thread at a time.
/// </summary>
internal sealed class MemoryDisk : IDisk
{
    private readonly List<(Action<Dictionary<string, Node>> Apply, string Directory)> _journal = [];
    private Dictionary<string, Node> _names = [];
    private Dictionary<string, Node> _durable = [];
    private long _clock = 1_000;

    public IEnumerable<string> Names => _names.Keys;

    public int OpenFiles { get; private set; }

    public IDiskFile Open(in DiskPath path, DiskAccess access)
    {
        string name = path.Full;
        if (!_names.TryGetValue(name, out Node? node))
        {
            if (access == DiskAccess.Read)
                throw new FileNotFoundException("There is no such file.", name);
            Node created = node = new Node();
            Touch(node);
            Record(path.Parent.Full, names => names[name] = created);
        }
        OpenFiles++;
        return new Handle(this, node);
    }

    public DiskFileInfo GetInfo(in DiskPath path) => _names.TryGetValue(path.Full, out Node? node) ? node.Info : DiskFileInfo.Missing;

    public void CreateDirectory(in DiskPath path)
    {
    }

    public void Delete(in DiskPath path)
    {
        string name = path.Full;
        if (_names.ContainsKey(name))
            Record(path.Parent.Full, names => names.Remove(name));
    }

    public bool TryDeleteDirectory(in DiskPath path) => true;

    public void Rename(in DiskPath from, in DiskPath to)
    {
        string source = from.Full, target = to.Full;
        if (!_names.ContainsKey(source))
            throw new FileNotFoundException("There is no such file.", source);
        Record(to.Parent.Full, names =>
        {
            if (names.Remove(source, out Node? node))
                names[target] = node;
        });
    }

    public IReadOnlyList<string> Enumerate(in DiskPath directory)
    {
        string root = directory.Full;
        return [.. _names.Keys.Where(n => Path.GetDirectoryName(n) == root).Select(n => Path.GetFileName(n))];
    }

    public void FlushDirectory(in DiskPath path)
    {
        string directory = path.Full;
        int last = _journal.FindLastIndex(entry => entry.Directory == directory);
        for (int i = 0; i <= last; i++)
            _journal[i].Apply(_durable);
        _journal.RemoveRange(0, last + 1);
    }

    /// <summary>The power fails; open handles are void.</summary>
    public void Crash(Random random)
    {
        int kept = random.Next(_journal.Count + 1);
        for (int i = 0; i < kept; i++)
            _journal[i].Apply(_durable);
        _journal.Clear();
        foreach (Node node in _durable.Values.Distinct())
            node.LosePower(random);
        _names = new Dictionary<string, Node>(_durable);
        OpenFiles = 0;
    }

    private void Record(string directory, Action<Dictionary<string, Node>> apply)
    {
        apply(_names);
        _journal.Add((apply, directory));
    }

    private void Touch(Node node) => node.Time = ++_clock;

    private sealed class Node
    {
        private readonly List<(long Offset, byte[]? Bytes)> _pending = [];
        private byte[] _content = [];
        private byte[] _durable = [];

        public long Time { get; set; }

        public DiskFileInfo Info => new(_content.Length, Time);

        public ReadOnlySpan<byte> Content => _content;

        public void Write(byte[] bytes, long offset)
        {
            _pending.Add((offset, bytes));
            _content = Apply(_content, offset, bytes);
        }

        public void SetLength(long length)
        {
            _pending.Add((length, null));
            _content = Apply(_content, length, null);
        }

        public void Flush()
        {
            _pending.Clear();
            _durable = (byte[])_content.Clone();
        }

        public void LosePower(Random random)
        {
            foreach ((long offset, byte[]? bytes) in _pending.OrderBy(_ => random.Next()).ToArray())
            {
                int choice = random.Next(3);
                if (choice > 0)
                    _durable = Apply(_durable, offset, choice == 1 || bytes is null ? bytes : bytes[..(bytes.Length / 2)]);
            }
            _pending.Clear();
            _content = (byte[])_durable.Clone();
        }

        private static byte[] Apply(byte[] content, long offset, byte[]? bytes)
        {
            long length = bytes is null ? offset : Math.Max(content.Length, offset + bytes.Length);
            if (content.Length != length)
                Array.Resize(ref content, (int)length);
            bytes?.CopyTo(content, offset);
            return content;
        }
    }

    private sealed class Handle(MemoryDisk disk, Node node) : IDiskFile
    {
        private bool _isClosed;

        public DiskFileInfo Info => node.Info;

        public int Read(Span<byte> destination, long offset)
        {
            ReadOnlySpan<byte> content = offset >= node.Content.Length ? default : node.Content[(int)offset..];
            int count = Math.Min(content.Length, destination.Length);
            content[..count].CopyTo(destination);
            return count;
        }

        public void Write(ReadOnlySpan<byte> source, long offset)
        {
            node.Write(source.ToArray(), offset);
            disk.Touch(node);
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> sources, long offset)
        {
            foreach (ReadOnlyMemory<byte> source in sources)
            {
                Write(source.Span, offset);
                offset += source.Length;
            }
        }

        public void SetLength(long length)
        {
            node.SetLength(length);
            disk.Touch(node);
        }

        public void Flush() => node.Flush();

        public long NextData(long offset) => offset;

        public void Dispose()
        {
            if (_isClosed)
                return;
            _isClosed = true;
            disk.OpenFiles--;
        }
    }
}
