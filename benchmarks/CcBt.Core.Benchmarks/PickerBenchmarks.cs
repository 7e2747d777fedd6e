using BenchmarkDotNet.Attributes;
using CcBt.Core.Addressing;
using CcBt.Core.Swarm;

namespace CcBt.Core.Benchmarks;

/// <summary>Choosing the next piece among 100,000 for one of 500 peers that have half of them each.</summary>
public class PickerBenchmarks
{
    private const int Pieces = 100_000;
    private const int Peers = 500;

    private readonly SwarmLink[] _links = new SwarmLink[Peers];
    private readonly int[] _begun = new int[256];
    private PieceOrder _order = null!;
    private int _turn;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _order = new PieceOrder(Pieces, random);
        var bits = new byte[Pieces / 8];
        for (int i = 0; i < Peers; i++)
        {
            random.NextBytes(bits);
            SwarmLink link = _links[i] = new SwarmLink(i, PeerAddress.FromV4((uint)(0x50000000 + i), 1), true, true, TimeSpan.Zero) { PeerChoking = false };
            link.Pieces.TryArm(Pieces);
            link.Pieces.SetBits(bits);
            _order.AddPeer(link.Pieces);
        }
        for (int piece = 0; piece < Pieces; piece++)
            _order.Add(piece);
        _begun.AsSpan().Fill(-1);
    }

    /// <summary>Picks a piece and takes it out; the piece that was begun 256 picks ago comes back, so that the work does not run out.</summary>
    [Benchmark]
    public int Pick()
    {
        _turn++;
        ref int slot = ref _begun[_turn % _begun.Length];
        if (slot >= 0)
            _order.Add(slot);
        if (!_order.TryPick(_links[_turn % Peers], anyPiece: false, out slot))
            throw new InvalidOperationException("A peer that has half of the pieces has none to pick.");
        _order.Remove(slot);
        return slot;
    }
}
