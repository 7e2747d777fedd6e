using CcBt.Core.Addressing;

namespace CcBt.Core.Simulation.Net;

/// <summary>A machine on the simulated network: one address, one line in each direction, and who listens there.</summary>
internal sealed class SimHost(PeerAddress address)
{
    /// <summary>Where the others reach it; <see cref="SimNetwork.Move"/> changes it.</summary>
    public PeerAddress Address { get; set; } = address;

    /// <summary>Its interface is down: nothing leaves and nothing arrives. What streams have under way waits, as retransmission has it.</summary>
    public bool IsDown { get; set; }

    /// <summary>Until then nothing runs on the machine: what arrives is not read.</summary>
    public TimeSpan FrozenUntil { get; set; }

    /// <summary>Bytes per second; all streams and datagrams of the host share it.</summary>
    public double UpRate { get; set; } = 1 << 20;

    public double DownRate { get; set; } = 4 << 20;

    /// <summary>The way from the host to the middle of the network.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(15);

    /// <summary>The NAT in front of it; null when it is on the open network. <see cref="SimNetwork.PutBehind"/> sets it up.</summary>
    public SimNat? Nat { get; set; }

    /// <summary>Datagrams that wait to leave.</summary>
    public DatagramQueue UpQueue { get; } = new();

    /// <summary>Datagrams that wait to come in.</summary>
    public DatagramQueue DownQueue { get; } = new();

    /// <summary>The side of a partition that the host is on.</summary>
    public int Side { get; set; }

    /// <summary>When the line is free of what streams send.</summary>
    public TimeSpan UpFree { get; set; }

    public TimeSpan DownFree { get; set; }

    public long DatagramsSent { get; set; }

    public long StreamBytesSent { get; set; }

    public long StreamBytesReceived { get; set; }

    /// <summary>Takes an inbound stream and says who uses it; null refuses.</summary>
    public Func<SimSocket, ISocketUser?>? Accept { get; set; }

    /// <summary>Takes a datagram.</summary>
    public Action<PeerAddress, ReadOnlyMemory<byte>>? Receive { get; set; }
}
