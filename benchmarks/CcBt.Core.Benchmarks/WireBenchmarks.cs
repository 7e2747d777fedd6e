using BenchmarkDotNet.Attributes;
using CcBt.Core.Wire;

namespace CcBt.Core.Benchmarks;

/// <summary>Decodes 64 piece messages, 1 MiB of payload, as a busy link receives them: 256 KiB at a time.</summary>
public class WireBenchmarks
{
    private const int Blocks = 64;
    private const int Receive = 256 << 10;

    private readonly Place _place = new();
    private byte[] _stream = [];
    private PeerReader _reader = null!;

    [GlobalSetup]
    public void Setup()
    {
        _stream = new byte[Blocks * (PeerWriter.PieceHeadLength + BlockAddress.Size)];
        for (int i = 0; i < Blocks; i++)
            PeerWriter.WritePieceHead(new BlockAddress(0, i * BlockAddress.Size, BlockAddress.Size), _stream.AsSpan(i * (PeerWriter.PieceHeadLength + BlockAddress.Size)));
        _reader = new PeerReader(_place, useFast: true);
        _reader.SetPieceCount(1);
    }

    [Benchmark]
    public long ReadOneMebibyte()
    {
        for (int at = 0; at < _stream.Length; at += Receive)
        {
            if (!_reader.Receive(_stream.AsSpan(at, Math.Min(Receive, _stream.Length - at)), out WireError error))
                throw new InvalidOperationException(error.ToString());
        }
        return _reader.PayloadBytes;
    }

    private sealed class Place : IPeerReaderSink
    {
        private readonly byte[] _piece = new byte[Blocks * BlockAddress.Size];

        public void OnMessage(in PeerMessage message)
        {
        }

        public bool TryOpenBlock(in BlockAddress block, out Memory<byte> destination)
        {
            destination = _piece.AsMemory(block.Begin, block.Length);
            return true;
        }

        public void OnBlock(in BlockAddress block, bool isUsed)
        {
        }
    }
}
