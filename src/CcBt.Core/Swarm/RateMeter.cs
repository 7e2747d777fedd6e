namespace CcBt.Core.Swarm;

/// <summary>A rate over the last seconds: an exponential mean, corrected while the meter is young.</summary>
internal sealed class RateMeter(TimeSpan start, double memorySeconds = 6)
{
    private readonly TimeSpan _start = start;
    private double _weighted;
    private TimeSpan _at = start;

    public long TotalBytes { get; private set; }

    public void Add(long bytes, TimeSpan now)
    {
        Decay(now);
        _weighted += bytes;
        TotalBytes += bytes;
    }

    public double BytesPerSecond(TimeSpan now)
    {
        Decay(now);
        // A meter younger than its memory has seen only a part of it; half a second is the least that means anything.
        double age = Math.Max((now - _start).TotalSeconds, 0.5);
        return _weighted / (memorySeconds * (1 - Math.Exp(-age / memorySeconds)));
    }

    private void Decay(TimeSpan now)
    {
        if (now <= _at)
            return;
        _weighted *= Math.Exp(-(now - _at).TotalSeconds / memorySeconds);
        _at = now;
    }
}
