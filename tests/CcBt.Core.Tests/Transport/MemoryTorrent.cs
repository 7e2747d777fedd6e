using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

/// <summary>A torrent in memory: the source of its blocks, or the destination of somebody else's. Counts claims and how they end.</summary>
internal sealed class MemoryTorrent : IBlockDestination, IBlockSource
{
    public const int PieceLength = 256 * 1024;

    private readonly object _gate = new();
    private readonly byte[] _data;
    private readonly HashSet<BlockAddress> _claimed = [];
    private readonly HashSet<BlockAddress> _done = [];

    public MemoryTorrent(int length, int? seed = null)
    {
        _data = new byte[length];
        if (seed is { } value)
            new Random(value).NextBytes(_data);
    }

    public byte[] Data => _data;

    public int Claims { get; private set; }

    public int Abandoned { get; private set; }

    public int Completed
    {
        get
        {
            lock (_gate)
                return _done.Count;
        }
    }

    public int OpenClaims
    {
        get
        {
            lock (_gate)
                return _claimed.Count;
        }
    }

    /// <summary>Pieces that the source does not have.</summary>
    public HashSet<int> Missing { get; } = [];

    public LinkLayout Layout => new((_data.Length + PieceLength - 1) / PieceLength, PieceLength, _data.Length);

    public bool IsCompleted(BlockAddress block)
    {
        lock (_gate)
            return _done.Contains(block);
    }

    public byte[] BytesOf(BlockAddress block) => _data.AsSpan(block.Piece * PieceLength + block.Begin, block.Length).ToArray();

    public List<BlockAddress> Blocks()
    {
        List<BlockAddress> blocks = [];
        for (int at = 0; at < _data.Length; at += BlockAddress.Size)
            blocks.Add(new BlockAddress(at / PieceLength, at % PieceLength, Math.Min(BlockAddress.Size, _data.Length - at)));
        return blocks;
    }

    public BlockLease[] Leases(IEnumerable<BlockAddress> blocks) => [.. blocks.Select(b => new BlockLease(b, this))];

    public bool TryClaim(in BlockAddress block, int linkId, out Memory<byte> memory)
    {
        memory = _data.AsMemory(block.Piece * PieceLength + block.Begin, block.Length);
        lock (_gate)
        {
            if (_done.Contains(block) || !_claimed.Add(block))
                return false;
            Claims++;
            return true;
        }
    }

    public void Complete(in BlockAddress block, int linkId)
    {
        lock (_gate)
        {
            Assert.True(_claimed.Remove(block));
            Assert.True(_done.Add(block));
        }
    }

    public void Abandon(in BlockAddress block, int linkId)
    {
        lock (_gate)
        {
            Assert.True(_claimed.Remove(block));
            Abandoned++;
        }
    }

    public bool Has(int piece) => !Missing.Contains(piece);

    public bool TryRead(in BlockAddress block, Span<byte> destination)
    {
        _data.AsSpan(block.Piece * PieceLength + block.Begin, block.Length).CopyTo(destination);
        return true;
    }
}
