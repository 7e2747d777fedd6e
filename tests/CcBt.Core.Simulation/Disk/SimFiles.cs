using CcBt.Core.Simulation.Time;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Disk;

/// <summary>
/// The one file of a torrent on a simulated disk, twice: as programs read it, and as it would be after a power loss. Until a flush
/// any of what was written may be lost, in any order, also in part.
/// </summary>
internal sealed class SimFiles(Torrent torrent)
{
    private readonly byte[] _cached = new byte[torrent.Layout.TotalLength];
    private readonly byte[] _durable = new byte[torrent.Layout.TotalLength];
    private readonly HashSet<int> _dirty = [];

    public Torrent Torrent => torrent;

    public bool Exists { get; private set; }

    private long WriteTicks { get; set; }

    private long DurableTicks { get; set; }

    public DiskFileInfo Info => Exists ? new DiskFileInfo(_cached.Length, WriteTicks) : DiskFileInfo.Missing;

    public Span<byte> Piece(int piece) => _cached.AsSpan((int)torrent.Layout.PieceOffset(piece), torrent.Layout.PieceSize(piece));

    public bool IsRight(int piece) => Exists && torrent.CreateVerifier().Verify(piece, Piece(piece));

    public void Read(in BlockAddress block, Span<byte> destination)
        => _cached.AsSpan((int)torrent.Layout.PieceOffset(block.Piece) + block.Begin, block.Length).CopyTo(destination);

    public void Write(int piece, ReadOnlySpan<byte> content, long ticks)
    {
        Exists = true;
        WriteTicks = ticks;
        content.CopyTo(Piece(piece));
        _dirty.Add(piece);
    }

    /// <summary>The whole content is there and durable, as for a seeder that made it.</summary>
    public void Fill(ReadOnlySpan<byte> content, long ticks)
    {
        Exists = true;
        WriteTicks = DurableTicks = ticks;
        content.CopyTo(_cached);
        content.CopyTo(_durable);
    }

    /// <summary>Somebody else changes a byte of a piece.</summary>
    public void Tamper(int piece, long ticks)
    {
        Piece(piece)[0] ^= 0xFF;
        _dirty.Add(piece);
        WriteTicks = ticks;
    }

    public void Flush()
    {
        _cached.CopyTo(_durable, 0);
        _dirty.Clear();
        DurableTicks = WriteTicks;
    }

    public void Delete()
    {
        Exists = false;
        _dirty.Clear();
        Array.Clear(_cached);
        Array.Clear(_durable);
    }

    /// <summary>Power is lost: of each piece that was not flushed, all, nothing or a part is there afterwards; so with the write time.</summary>
    public void LosePower(World world)
    {
        foreach (int piece in _dirty)
        {
            int offset = (int)torrent.Layout.PieceOffset(piece), size = torrent.Layout.PieceSize(piece);
            int kept = world.Random.Next(3) switch { 0 => 0, 1 => size, _ => world.Random.Next(size) };
            _cached.AsSpan(offset, kept).CopyTo(_durable.AsSpan(offset));
        }
        if (_dirty.Count > 0 && world.Chance(0.5))
            DurableTicks = WriteTicks;
        _dirty.Clear();
        _durable.CopyTo(_cached, 0);
        WriteTicks = DurableTicks;
    }
}
