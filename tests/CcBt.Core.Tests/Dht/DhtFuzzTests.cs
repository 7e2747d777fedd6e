using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class DhtFuzzTests
{
    private const int Seed = 101;

    /// <summary>Every packet of a small network's life, mutated and sent to a node from everywhere: it must stay within its bounds and work on.</summary>
    [Fact]
    public void Mutated_packets_harm_nothing()
    {
        var random = new Random(Seed);
        var network = new VirtualNetwork(Seed);
        List<VirtualHost> hosts = network.Grow(12);
        var corpus = new List<byte[]>();
        PeerAddress tap = NodeProbe.Global(500);
        network.AddForged(tap, (_, packet) => { corpus.Add(packet.ToArray()); return null; });
        NodeId torrent = NodeId.Random(random);
        foreach (VirtualHost host in hosts)
        {
            network.Do(host, node => node.AddNode(tap, network.Now));
            network.Do(host, node => node.FindPeers(new InfoHash(torrent.ToArray()), 7000, network.Now));
            network.Send(tap, host.Address, KrpcSamples.GetPeers(NodeProbe.Id, torrent));
            network.Send(tap, host.Address, KrpcSamples.FindNode(NodeProbe.Id, torrent, "n4", "n6"));
            network.Send(tap, host.Address, KrpcSamples.Announce(NodeProbe.Id, torrent, 5, "12345678"u8.ToArray()));
        }
        network.Run(TimeSpan.FromSeconds(10));
        Assert.True(corpus.Count > 40);
        VirtualHost victim = hosts[0];
        for (int i = 0; i < 10_000; i++)
        {
            byte[] packet = Mutate(corpus[random.Next(corpus.Count)], corpus, random);
            PeerAddress from = i % 3 == 0 ? tap : PeerAddress.FromV4((uint)random.NextInt64(1L << 32), (ushort)random.Next(65_536));
            try
            {
                network.Do(victim, node => node.Receive(from, packet, network.Now));
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Assert.Fail($"Packet {i} of seed {Seed}, {Convert.ToHexString(packet)}: {failure}");
            }
            if (i % 100 == 0)
                network.Run(TimeSpan.FromMilliseconds(50));
        }
        Assert.True(victim.Node.StoredTorrentCount <= Limits.DhtStoredTorrents);
        Assert.Equal(0, victim.Node.DroppedOutputs);
        network.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(10, LookupRun.Make(network, hosts, 10).Found);
    }

    /// <summary>Answers to queries that really wait, mutated: the transaction fits, the rest does not.</summary>
    [Fact]
    public void Mutated_answers_harm_nothing()
    {
        var random = new Random(Seed + 1);
        for (int round = 0; round < 60; round++)
        {
            var probe = new NodeProbe(new DhtNode(new DhtNodeOptions(), null, random, isV6: false));
            probe.Node.FindPeers(new InfoHash(NodeId.Random(random).ToArray()), 7000, probe.Now);
            for (int i = 0; i < 4; i++)
                probe.Node.AddNode(NodeProbe.Global(random.Next(60_000)), probe.Now);
            for (int step = 0; step < 15; step++)
            {
                foreach (DhtDatagram query in probe.Sent())
                {
                    int at = query.Bytes.Span.IndexOf("1:t4:"u8);
                    byte[] answer = NodeProbe.Response(query.Bytes.Span.Slice(at + 5, 4), NodeId.Random(random), body =>
                    {
                        var nodes = new byte[random.Next(400)];
                        random.NextBytes(nodes);
                        body.Key("nodes"u8).String(nodes).Key("nodes6"u8).String(nodes).Key("token"u8).String(nodes.AsSpan(0, nodes.Length / 8));
                        body.Key("values"u8).BeginList().String(nodes.AsSpan(0, Math.Min(6, nodes.Length))).Integer(4).End();
                    });
                    if (random.Next(2) == 0)
                        answer = Mutate(answer, [answer], random);
                    probe.Node.Receive(query.To, answer, probe.Now);
                }
                probe.Now += TimeSpan.FromMilliseconds(random.Next(3_000));
                probe.Node.Advance(probe.Now);
                probe.Events();
            }
        }
    }

    [Fact]
    public void A_flood_allocates_in_proportion_to_what_is_answered()
    {
        var probe = new NodeProbe(new DhtNode(new DhtNodeOptions(), null, new Random(Seed), isV6: false));
        byte[] packet = KrpcSamples.GetPeers(NodeProbe.Id, NodeProbe.Id);
        for (int i = 0; i < 6_000; i++)
            probe.Node.Receive(NodeProbe.Global(i), packet, probe.Now);
        probe.Sent();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
            probe.Node.Receive(NodeProbe.Global(i), packet, probe.Now);
        long perPacket = (GC.GetAllocatedBytesForCurrentThread() - before) / 10_000;
        Assert.True(perPacket < 1_500, $"{perPacket} bytes a packet");
    }

    private static byte[] Mutate(byte[] packet, List<byte[]> corpus, Random random)
    {
        var bytes = new List<byte>(packet);
        for (int edits = random.Next(1, 4); edits > 0 && bytes.Count > 0; edits--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(bytes.Count - at)));
                    break;
                case 3:
                    bytes[at] = (byte)"0123456789deil:-"[random.Next(16)];
                    break;
                case 4:
                    byte[] other = corpus[random.Next(corpus.Count)];
                    bytes.InsertRange(at, other[random.Next(other.Length)..]);
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
            }
        }
        return [.. bytes];
    }
}
