using CcBt.Core.Addressing;
using CcBt.Core.Dht;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Dht;

/// <summary>A real DHT node on the simulated network.</summary>
internal sealed class DhtPeer
{
    private readonly SimNetwork _network;
    private readonly SimHost _host;
    private TimeSpan _wakesAt = TimeSpan.MaxValue;

    public DhtPeer(SimNetwork network, PeerAddress address)
    {
        _network = network;
        _host = network.Add(address);
        Node = new DhtNode(new DhtNodeOptions(), NodeIdentity.Create(address, World.Random), World.Random, address.IsV6);
        _host.Receive = (from, bytes) =>
        {
            Node.Receive(from, bytes, World.Now);
            Settle();
        };
    }

    public DhtNode Node { get; }

    public PeerAddress Address => _host.Address;

    public SimHost Host => _host;

    public Dictionary<int, DhtLookupEnded> Ended { get; } = [];

    /// <summary>When each peer was first named to a lookup.</summary>
    public Dictionary<(int Lookup, PeerAddress Peer), TimeSpan> Found { get; } = [];

    private World World => _network.World;

    public void Do(Action<DhtNode> action)
    {
        action(Node);
        Settle();
    }

    private void Settle()
    {
        while (Node.TryTakeDatagram(out DhtDatagram datagram))
            _network.Send(_host, datagram.To, datagram.Bytes);
        while (Node.TryTakeEvent(out DhtEvent? news))
            Note(news);
        Arm();
    }

    public int FindPeers(InfoHash infoHash, ushort announcePort)
    {
        int lookup = 0;
        Do(node => lookup = node.FindPeers(infoHash, announcePort, World.Now));
        return lookup;
    }

    private void Note(DhtEvent news)
    {
        switch (news)
        {
            case DhtPeersFound found:
                foreach (PeerAddress peer in found.Peers)
                    Found.TryAdd((found.LookupId, peer), World.Now);
                break;
            case DhtLookupEnded ended:
                Ended[ended.LookupId] = ended;
                break;
        }
    }

    private void Arm()
    {
        TimeSpan deadline = Node.NextDeadline;
        if (deadline >= _wakesAt || deadline == TimeSpan.MaxValue)
            return;
        _wakesAt = deadline;
        World.At(deadline, () =>
        {
            if (_wakesAt != deadline)
                return;
            _wakesAt = TimeSpan.MaxValue;
            Do(node => node.Advance(World.Now));
        });
    }
}
