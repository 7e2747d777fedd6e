using System.Buffers.Binary;
using CcBt.Core.Addressing;
using CcBt.Core.Simulation.Net;

namespace CcBt.Core.Simulation.Peers;

/// <summary>A tracker that speaks UDP (BEP 15) on the simulated network. It names nobody.</summary>
internal sealed class SimUdpTracker
{
    private const int RequestHeaderLength = 16;
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(30);

    private readonly SimNetwork _network;
    private readonly SimHost _host;
    private readonly HashSet<ulong> _connections = [];

    public SimUdpTracker(SimNetwork network, PeerAddress address)
    {
        _network = network;
        _host = network.Add(address);
        _host.Receive = Answer;
    }

    public PeerAddress Address => _host.Address;

    public long Announces { get; private set; }

    /// <summary>Answers with noise.</summary>
    public bool IsGarbage { get; init; }

    /// <summary>The addresses that announces came from.</summary>
    public HashSet<PeerAddress> Seen { get; } = [];

    private void Answer(PeerAddress from, ReadOnlyMemory<byte> packet)
    {
        ReadOnlySpan<byte> request = packet.Span;
        if (request.Length < RequestHeaderLength)
            return;
        if (IsGarbage)
        {
            byte[] noise = new byte[20];
            _network.World.Random.NextBytes(noise);
            _network.Send(_host, from, noise);
            return;
        }
        int action = BinaryPrimitives.ReadInt32BigEndian(request[8..]);
        byte[] answer = new byte[action == 0 ? 16 : 20];
        BinaryPrimitives.WriteInt32BigEndian(answer, action);
        request[12..16].CopyTo(answer.AsSpan(4));
        if (action == 0)
        {
            ulong connection = (ulong)_network.World.Random.NextInt64();
            _connections.Add(connection);
            BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(8), connection);
        }
        else if (!_connections.Contains(BinaryPrimitives.ReadUInt64BigEndian(request)))
        {
            return;
        }
        else
        {
            Announces++;
            Seen.Add(from);
            BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(8), (int)s_interval.TotalSeconds);
        }
        _network.Send(_host, from, answer);
    }
}
