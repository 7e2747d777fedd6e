using CcBt.Core.Addressing;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Scenarios;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Peers;

/// <summary>A scripted peer: it answers whoever connects and can be told to connect itself.</summary>
internal sealed class RawPeer
{
    private readonly SimSwarm _swarm;
    private readonly RawMood _mood;
    private readonly List<RawTalk> _talks = [];

    public RawPeer(SimSwarm swarm, RawMood mood, bool isNamed = true)
    {
        _swarm = swarm;
        _mood = mood;
        Host = swarm.Network.Add(swarm.NextAddress());
        Host.Accept = socket =>
        {
            RawTalk talk = NewTalk();
            talk.Attach(socket);
            return talk;
        };
        if (isNamed)
            swarm.Tracker.PeersOf(swarm.Content.Torrent.SwarmHash)[Host.Address] = true;
    }

    public SimHost Host { get; }

    /// <summary>Conversations that are still open.</summary>
    public int Open => _talks.Count(t => t.IsOpen);

    public int Begun => _talks.Count;

    public void Dial(PeerAddress to) => _swarm.Network.Connect(Host, to, NewTalk());

    /// <summary>Connects, and again so long after it was put out.</summary>
    public void Stay(PeerAddress at, TimeSpan every)
    {
        if (Open == 0)
            Dial(at);
        _swarm.World.After(every, () => Stay(at, every));
    }

    private RawTalk NewTalk()
    {
        var id = new byte[PeerId.Length];
        _swarm.World.Random.NextBytes(id);
        var talk = new RawTalk(_swarm.World, _mood, new Handshake(_swarm.Content.Torrent.SwarmHash, new PeerId(id), HandshakeFeatures.Fast), _swarm.Content.Torrent);
        _talks.Add(talk);
        return talk;
    }
}
