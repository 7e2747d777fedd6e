using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class DhtSnapshotCodecTests
{
    private static DhtSnapshot? Decode(byte[] bytes, bool isV6)
    {
        var document = new BDocument();
        return document.TryParse(bytes, BLimits.File, out _) ? DhtSnapshotCodec.Decode(document.Root, isV6) : null;
    }

    private static DhtSnapshot Sample(bool isV6, int nodes)
    {
        var random = new Random(51);
        var contacts = new List<NodeContact>();
        for (int i = 0; i < nodes; i++)
        {
            PeerAddress v6 = PeerAddress.FromBytes([0x20, 1, 0xD, 0xB8, (byte)(i >> 8), (byte)i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 6881);
            contacts.Add(new NodeContact(NodeId.Random(random), isV6 ? v6 : NodeProbe.Global(i)));
        }
        return new DhtSnapshot(NodeId.Random(random), isV6, contacts);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 300)]
    [InlineData(true, 17)]
    public void State_comes_back(bool isV6, int nodes)
    {
        DhtSnapshot snapshot = Sample(isV6, nodes);
        DhtSnapshot? read = Decode(DhtSnapshotCodec.Encode(snapshot), isV6);
        Assert.NotNull(read);
        Assert.Equal(snapshot.Id, read.Id);
        Assert.Equal(snapshot.Nodes, read.Nodes);
        Assert.Null(Decode(DhtSnapshotCodec.Encode(snapshot), !isV6));
    }

    [Fact]
    public void No_more_nodes_than_the_bound_are_kept()
    {
        byte[] bytes = DhtSnapshotCodec.Encode(Sample(false, 1_000));
        Assert.Equal(Limits.DhtSavedNodes, Decode(bytes, false)!.Nodes.Count);
    }

    [Fact]
    public void Damaged_state_is_refused_or_shorter()
    {
        byte[] bytes = DhtSnapshotCodec.Encode(Sample(false, 10));
        for (int length = 0; length < bytes.Length; length++)
            Assert.Null(Decode(bytes[..length], false));
        var random = new Random(52);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 + random.Next(255));
            Assert.True(Decode(damaged, false) is null or { Nodes.Count: <= 10 });
        }
    }

    [Fact]
    public void A_node_saves_who_answered_and_restores_by_asking_them()
    {
        var network = new VirtualNetwork(53);
        List<VirtualHost> hosts = network.Grow(30);
        DhtSnapshot saved = hosts[3].Node.Save();
        Assert.Equal(hosts[3].Node.NodeId, saved.Id);
        Assert.True(saved.Nodes.Count >= 8);
        VirtualHost restored = network.Add(NodeProbe.Global(9_999), id: saved.Id);
        network.Remove(hosts[3].Address);
        network.Do(restored, node => node.Restore(saved, network.Now));
        Assert.Equal(0, restored.Node.NodeCount);
        Assert.True(network.RunUntil(() => restored.Node.IsBootstrapped && restored.Node.NodeCount >= 8, TimeSpan.FromSeconds(5)));
    }
}
