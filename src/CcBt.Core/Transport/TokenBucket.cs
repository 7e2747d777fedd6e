namespace CcBt.Core.Transport;

/// <summary>
/// A rate limit that links draw from before they receive or send. Thread-safe. Unused leave is kept for a quarter of a
/// second, so that a burst stays small; debt is allowed, so that a quantum larger than the bucket is paid off by waiting.
/// </summary>
internal sealed class TokenBucket(TimeProvider time, long bytesPerSecond)
{
    private readonly object _gate = new();
    private long _stamp = time.GetTimestamp();
    private long _bytesPerSecond = bytesPerSecond;
    private double _tokens;

    /// <summary>The rate; 0 means unlimited. Can be changed while links draw.</summary>
    public long BytesPerSecond
    {
        get
        {
            lock (_gate)
                return _bytesPerSecond;
        }
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            lock (_gate)
            {
                Refill();
                _bytesPerSecond = value;
                _tokens = Math.Min(_tokens, value / 4.0);
            }
        }
    }

    /// <summary>Takes <paramref name="bytes"/> and returns how long to wait before using them; zero most of the time.</summary>
    public TimeSpan Draw(int bytes)
    {
        lock (_gate)
        {
            if (_bytesPerSecond == 0)
                return TimeSpan.Zero;
            Refill();
            _tokens -= bytes;
            return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / _bytesPerSecond);
        }
    }

    private void Refill()
    {
        long now = time.GetTimestamp();
        double seconds = time.GetElapsedTime(_stamp, now).TotalSeconds;
        _stamp = now;
        _tokens = Math.Min(_tokens + seconds * _bytesPerSecond, _bytesPerSecond / 4.0);
    }
}
