using CcBt.Core.Addressing;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Dht;

/// <summary>A network of real DHT nodes, and attackers among them.</summary>
internal sealed class DhtNetwork
{
    private readonly World _world;
    private readonly int _firstAddress;

    /// <param name="world">The world.</param>
    /// <param name="network">The network that others are on too; none for one of its own.</param>
    public DhtNetwork(World world, SimNetwork? network = null)
    {
        _world = world;
        _firstAddress = network is null ? 0 : 500_000;
        Network = network ?? new SimNetwork(world);
    }

    public SimNetwork Network { get; }

    public List<DhtPeer> Peers { get; } = [];

    /// <summary>Nodes join one after the other, each through one that is there, and get time to know each other.</summary>
    /// <param name="count">How many.</param>
    /// <param name="gapMilliseconds">The time between two.</param>
    /// <param name="shape">What is special about the n-th one's host; the first has to be one that others can join through.</param>
    public void Grow(int count, double gapMilliseconds = 50, Action<int, SimHost>? shape = null)
        => Grow(count, _ => gapMilliseconds, shape);

    /// <param name="count">How many.</param>
    /// <param name="gapAfter">The milliseconds from the n-th, counted from 0, to the next.</param>
    /// <param name="shape">What is special about the n-th one's host.</param>
    public void Grow(int count, Func<int, double> gapAfter, Action<int, SimHost>? shape = null)
    {
        var open = new List<PeerAddress>();
        for (int i = 0; i < count; i++)
        {
            var peer = new DhtPeer(Network, SimNetwork.Address(_firstAddress + Peers.Count));
            shape?.Invoke(i, peer.Host);
            Peers.Add(peer);
            if (open.Count > 0)
            {
                PeerAddress first = open[_world.Random.Next(open.Count)];
                peer.Do(node => node.AddNode(first, _world.Now));
            }
            if (peer.Host.Nat is null)
                open.Add(peer.Address);
            _world.Run(TimeSpan.FromMilliseconds(gapAfter(i)));
        }
        _world.Run(TimeSpan.FromSeconds(60));
    }

    /// <summary>One node more, at a given address.</summary>
    public void Join(PeerAddress address)
    {
        var peer = new DhtPeer(Network, address);
        peer.Do(node => node.AddNode(Peers[_world.Random.Next(Peers.Count)].Address, _world.Now));
        Peers.Add(peer);
        _world.Run(TimeSpan.FromSeconds(2));
    }

    /// <summary>Hosts that answer every query with nodes that do not exist, as many as there are honest ones; everybody gets to know some.</summary>
    public void AddGarbage(int count)
    {
        for (int i = 0; i < count; i++)
        {
            var liar = new DhtAttacker(Network, PeerAddress.FromV4(0x60000000 + (uint)i * 0x10305 % 0x0F000000, 6881), null, []);
            for (int k = 0; k < 40; k++)
                liar.Ping(Peers[_world.Random.Next(Peers.Count)].Address);
        }
        _world.Run(TimeSpan.FromSeconds(30));
    }

    /// <summary>Ids next to a target at addresses of so many networks, which name only each other.</summary>
    public void Surround(InfoHash torrent, int count, int networks)
    {
        var fellows = new List<DhtAttacker>(count);
        for (int i = 0; i < count; i++)
        {
            byte[] id = NodeId.From(torrent).ToArray();
            _world.Random.NextBytes(id.AsSpan(3));
            uint address = 0xC8000000 + (uint)(i % networks) * 0x100 + (uint)(networks == 1 ? 1 : i / networks + 1);
            fellows.Add(new DhtAttacker(Network, PeerAddress.FromV4(address, (ushort)(10_000 + i)), new NodeId(id), fellows));
        }
        foreach (DhtAttacker fellow in fellows)
        {
            for (int k = 0; k < 3; k++)
                fellow.Ping(Peers[_world.Random.Next(Peers.Count)].Address);
        }
        _world.Run(TimeSpan.FromSeconds(20));
    }
}
