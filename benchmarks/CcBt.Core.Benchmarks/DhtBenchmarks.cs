using BenchmarkDotNet.Attributes;
using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;

namespace CcBt.Core.Benchmarks;

/// <summary>What a DHT packet costs a node, and its routing table.</summary>
public class DhtBenchmarks
{
    private const int Askers = 4096;

    private readonly NodeContact[] _closest = new NodeContact[8];
    private readonly NodeId[] _targets = new NodeId[Askers];
    private readonly NodeContact[] _contacts = new NodeContact[Askers];
    private readonly byte[][] _packets = new byte[Askers][];
    private DhtNode _node = null!;
    private RoutingTable _table = null!;
    private TimeSpan _now;
    private int _turn;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _node = new DhtNode(new DhtNodeOptions { AnswerBytesPerSecond = int.MaxValue }, null, random, isV6: false);
        _table = new RoutingTable(NodeId.Random(random));
        for (int i = 0; i < Askers; i++)
        {
            _contacts[i] = new NodeContact(NodeId.Random(random), PeerAddress.FromV4((uint)(0x50000000 + i * 0x101), 6881));
            _targets[i] = NodeId.Random(random);
            var writer = new BWriter();
            writer.BeginDictionary().Key("a"u8).BeginDictionary().Key("id"u8).String(_contacts[i].Id.ToArray()).Key("info_hash"u8).String(_targets[i].ToArray()).End();
            _packets[i] = writer.Key("q"u8).String("get_peers"u8).Key("t"u8).String("gp"u8).Key("y"u8).String("q"u8).End().ToArray();
            _table.Answered(_contacts[i], TimeSpan.Zero);
        }
    }

    /// <summary>A get_peers query comes and is answered.</summary>
    [Benchmark]
    public int AnswerGetPeers()
    {
        // A quarter of a millisecond a query, and each asker once a second: below every bound on sources.
        _now += TimeSpan.FromMicroseconds(250);
        int i = _turn++ % Askers;
        _node.Receive(_contacts[i].Address, _packets[i], _now);
        int bytes = 0;
        while (_node.TryTakeDatagram(out DhtDatagram datagram))
            bytes += datagram.Bytes.Length;
        return bytes;
    }

    [Benchmark]
    public int FindClosest() => _table.Closest(_targets[_turn++ % Askers], _closest, NodeChoice.Live, TimeSpan.Zero);

    [Benchmark]
    public bool NoteAnswer() => _table.Answered(_contacts[_turn++ % Askers], TimeSpan.Zero) is null;
}
