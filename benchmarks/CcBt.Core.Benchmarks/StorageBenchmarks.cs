using BenchmarkDotNet.Attributes;
using CcBt.Core.Metainfo;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Benchmarks;

/// <summary>Hashing a piece, whole and block by block, and the loan of its buffer.</summary>
public class StorageBenchmarks
{
    private readonly WriteBudget _budget = new();
    private readonly WriteBuffer?[] _buffers = new WriteBuffer?[1];
    private readonly byte[] _piece = new byte[1 << 20];
    private readonly Sha1PieceVerifier _verifier = new(new byte[20]);

    [Benchmark]
    public bool HashPieceWhole() => _verifier.Verify(0, _piece);

    [Benchmark]
    public bool HashPieceByBlocks()
    {
        using IPieceCheck check = _verifier.Begin(0);
        for (int at = 0; at < _piece.Length; at += BlockAddress.Size)
            check.Append(_piece.AsSpan(at, BlockAddress.Size));
        return check.Finish();
    }

    [Benchmark]
    public void RentAndReturnBuffer()
    {
        if (!_budget.TryRent(1, 1 << 20, _buffers))
            throw new InvalidOperationException("The budget has no buffer left.");
        _budget.Return(_buffers[0]!);
    }
}
