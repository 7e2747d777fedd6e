using BenchmarkDotNet.Attributes;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Benchmarks;

/// <summary>A DHT answer with eight nodes and fifty peers, read and written.</summary>
public class BencodeBenchmarks
{
    private readonly BDocument _document = new();
    private readonly BWriter _writer = new(1024);
    private readonly byte[] _id = new byte[20];
    private readonly byte[] _nodes = new byte[8 * 26];
    private readonly byte[] _peer = new byte[6];
    private byte[] _packet = [];

    [GlobalSetup]
    public void Setup()
    {
        Write();
        _packet = _writer.ToArray();
    }

    [Benchmark]
    public bool Parse() => _document.TryParse(_packet, BLimits.Dht, out _);

    [Benchmark]
    public int Write()
    {
        _writer.Clear();
        _writer.BeginDictionary().Key("r"u8).BeginDictionary().Key("id"u8).String(_id).Key("nodes"u8).String(_nodes).Key("values"u8).BeginList();
        for (int i = 0; i < 50; i++)
            _writer.String(_peer);
        _writer.End().End().Key("t"u8).String("aa"u8).Key("y"u8).String("r"u8).End();
        return _writer.Length;
    }
}
