namespace CcBt.Core.Floods;

/// <summary>Gathers how long things took. Thread-safe.</summary>
internal sealed class Times
{
    private readonly List<double> _milliseconds = [];

    public int Count
    {
        get
        {
            lock (_milliseconds)
                return _milliseconds.Count;
        }
    }

    public void Add(TimeSpan time)
    {
        lock (_milliseconds)
            _milliseconds.Add(time.TotalMilliseconds);
    }

    /// <summary>The time, in milliseconds, that this share of them did not exceed, the least for a share of 0; 0 without any.</summary>
    public double At(double share)
    {
        lock (_milliseconds)
        {
            if (_milliseconds.Count == 0)
                return 0;
            _milliseconds.Sort();
            return _milliseconds[Math.Max(0, (int)Math.Ceiling(share * _milliseconds.Count) - 1)];
        }
    }
}
