using CcBt.Core.Addressing;

namespace CcBt.Core.Simulation.Net;

/// <summary>A machine on the simulated network: one address, one line in each direction, and who listens there.</summary>
internal sealed class SimHost(PeerAddress address)
{
    public PeerAddress Address { get; } = address;

    /// <summary>Bytes per second; all streams of the host share it.</summary>
    public double UpRate { get; set; } = 1 << 20;

    public double DownRate { get; set; } = 4 << 20;

    /// <summary>The way from the host to the middle of the network.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(15);

    /// <summary>Behind a NAT that lets in only answers.</summary>
    public bool IsBehindNat { get; set; }

    /// <summary>The side of a partition that the host is on.</summary>
    public int Side { get; set; }

    /// <summary>When the line is free again.</summary>
    public TimeSpan UpFree { get; set; }

    public TimeSpan DownFree { get; set; }

    public long StreamBytesSent { get; set; }

    public long StreamBytesReceived { get; set; }

    /// <summary>Takes an inbound stream and says who uses it; null refuses.</summary>
    public Func<SimSocket, ISocketUser?>? Accept { get; set; }

    /// <summary>Takes a datagram.</summary>
    public Action<PeerAddress, ReadOnlyMemory<byte>>? Receive { get; set; }

    /// <summary>Where datagrams went lately, for the NAT.</summary>
    public Dictionary<PeerAddress, TimeSpan> Contacts { get; } = [];
}
