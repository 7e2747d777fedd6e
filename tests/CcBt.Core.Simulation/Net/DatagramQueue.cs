namespace CcBt.Core.Simulation.Net;

/// <summary>
/// Datagrams that wait for a host's line in one direction. They take turns with its streams, half the rate each while both have something; the queue is
/// bounded, and what comes when it is full is lost.
/// </summary>
internal sealed class DatagramQueue
{
    /// <summary>What IP and UDP put around the bytes.</summary>
    public const int Overhead = 28;

    private TimeSpan _free;

    /// <summary>Bytes that may wait.</summary>
    public int Room { get; set; } = 64 << 10;

    /// <summary>Datagrams that found it full.</summary>
    public long Dropped { get; private set; }

    /// <summary>When a datagram has passed the line; null when it is dropped.</summary>
    public TimeSpan? Pass(int bytes, double rate, bool hasStreams, TimeSpan now)
    {
        double ours = hasStreams ? rate / 2 : rate;
        TimeSpan begin = _free > now ? _free : now;
        if ((begin - now).TotalSeconds * ours + bytes > Room)
        {
            Dropped++;
            return null;
        }
        return _free = begin + TimeSpan.FromTicks((long)(bytes / ours * TimeSpan.TicksPerSecond));
    }
}
