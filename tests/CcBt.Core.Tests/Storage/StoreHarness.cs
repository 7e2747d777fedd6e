using System.Collections.Concurrent;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Storage;

/// <summary>Opens stores of one payload and feeds them.</summary>
internal sealed class StoreHarness : IDisposable
{
    public StoreHarness(Payload payload, IDisk? disk = null, long budget = Limits.WriteBudgetBytes, int handles = 64)
    {
        Payload = payload;
        Disk = disk ?? OperatingSystemDisk.Instance;
        Budget = new WriteBudget(budget);
        Handles = new HandleCache(handles);
    }

    public TempDirectory Directory { get; } = new();

    public Payload Payload { get; }

    public IDisk Disk { get; }

    public WriteBudget Budget { get; }

    public HandleCache Handles { get; }

    public ConcurrentQueue<PieceVerdict> Verdicts { get; } = new();

    public ConcurrentQueue<int> Suspected { get; } = new();

    public int TimesFreed;

    public StorageOptions Options(params bool[] wanted) => new()
    {
        Directory = Directory.Path,
        Name = Payload.Name,
        Layout = Payload.Layout,
        Files = Payload.Files,
        Verifier = Payload.Verifier,
        Budget = Budget,
        Handles = Handles,
        Disk = Disk,
        Wanted = wanted.Length == 0 ? null : wanted,
        PieceEnded = Verdicts.Enqueue,
        FileSuspected = Suspected.Enqueue,
        BudgetFreed = () => Interlocked.Increment(ref TimesFreed),
    };

    public Task<TorrentStorage> OpenAsync(params bool[] wanted) => TorrentStorage.OpenAsync(Options(wanted), CancellationToken.None);

    public IEnumerable<BlockAddress> Blocks(int piece)
    {
        int size = Payload.Layout.PieceSize(piece);
        for (int begin = 0; begin < size; begin += BlockAddress.Size)
            yield return new BlockAddress(piece, begin, Math.Min(BlockAddress.Size, size - begin));
    }

    /// <summary>Gives one block; false when it was not wanted.</summary>
    public bool Give(PieceAssembly assembly, BlockAddress block, int link = 1, bool isWrong = false)
    {
        if (!assembly.TryClaim(block, link, out Memory<byte> memory))
            return false;
        Payload.Piece(block.Piece).Slice(block.Begin, block.Length).CopyTo(memory.Span);
        if (isWrong)
            memory.Span[0] ^= 1;
        assembly.Complete(block, link);
        return true;
    }

    public PieceVerdict GivePiece(TorrentStorage storage, int piece, int link = 1)
    {
        Assert.True(storage.TryOpenPiece(piece, out PieceAssembly assembly));
        foreach (BlockAddress block in Blocks(piece))
            Give(assembly, block, link);
        Assert.True(Verdicts.TryDequeue(out PieceVerdict? verdict));
        Assert.Equal(piece, verdict.Piece);
        return verdict;
    }

    public void GiveAll(TorrentStorage storage)
    {
        for (int piece = 0; piece < Payload.Layout.PieceCount; piece++)
            Assert.True(GivePiece(storage, piece).IsGood);
    }

    public void AssertFileOnDisk(int file)
        => Assert.True(Payload.File(file).SequenceEqual(File.ReadAllBytes(Directory[Payload.Files[file].Path])), $"{Payload.Files[file].Path} differs.");

    public bool Reads(TorrentStorage storage, int piece)
    {
        foreach (BlockAddress block in Blocks(piece))
        {
            var bytes = new byte[block.Length];
            if (!storage.TryRead(block, bytes))
                return false;
            Assert.True(Payload.Piece(piece).Slice(block.Begin, block.Length).SequenceEqual(bytes), $"{block} was served wrong.");
        }
        return true;
    }

    public void Dispose()
    {
        Handles.Dispose();
        Directory.Dispose();
    }
}
