namespace CcBt.Core.Transport;

/// <summary>
/// A rate limit that links draw from before they receive or send. Thread-safe. What is drawn is due in the order in which it was drawn, so links take
/// turns. Unused leave is kept for a quarter of a second, so that a burst stays small.
/// </summary>
internal sealed class TokenBucket(TimeProvider time, long bytesPerSecond)
{
    private const double SecondsKept = 0.25;

    private readonly object _gate = new();
    private long _stamp = time.GetTimestamp();
    private long _bytesPerSecond = bytesPerSecond;
    private int _era;

    // Bytes since the beginning: what the rate has brought, and what was drawn of it or ahead of it.
    private double _earned;
    private double _drawn;

    /// <summary>The rate; 0 means unlimited. Can be changed while links draw: whoever waits for a draw under the former rate draws anew.</summary>
    public long BytesPerSecond
    {
        get => Volatile.Read(ref _bytesPerSecond);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            lock (_gate)
            {
                if (value == _bytesPerSecond)
                    return;
                Refill();
                Volatile.Write(ref _bytesPerSecond, value);
                _earned = _drawn;
                _era++;
            }
        }
    }

    /// <summary>Takes <paramref name="bytes"/> and returns how long to wait before using them; zero most of the time.</summary>
    public TimeSpan Draw(int bytes)
    {
        if (BytesPerSecond == 0)
            return TimeSpan.Zero;
        TokenDraw draw = Reserve(bytes);
        return Owed(draw) ?? TimeSpan.Zero;
    }

    /// <summary>Takes <paramref name="bytes"/>, to be used once <see cref="Owed"/> is zero, or given back with <see cref="Return"/>.</summary>
    public TokenDraw Reserve(int bytes)
    {
        lock (_gate)
        {
            if (_bytesPerSecond > 0)
            {
                Refill();
                _drawn += bytes;
            }
            return new TokenDraw(_era, _drawn, bytes);
        }
    }

    /// <summary>How long to wait yet before the bytes may be used; null when the rate was changed since they were drawn, which undid the draw.</summary>
    public TimeSpan? Owed(in TokenDraw draw)
    {
        lock (_gate)
        {
            if (draw.Era != _era)
                return null;
            if (_bytesPerSecond == 0)
                return TimeSpan.Zero;
            Refill();
            return draw.Position <= _earned ? TimeSpan.Zero : TimeSpan.FromSeconds((draw.Position - _earned) / _bytesPerSecond);
        }
    }

    /// <summary>Gives back drawn bytes that were not used: whoever waits behind them waits less.</summary>
    public void Return(in TokenDraw draw, int bytes)
    {
        lock (_gate)
        {
            if (draw.Era == _era && _bytesPerSecond > 0)
                _earned += bytes;
        }
    }

    private void Refill()
    {
        long now = time.GetTimestamp();
        double seconds = time.GetElapsedTime(_stamp, now).TotalSeconds;
        _stamp = now;
        _earned = Math.Min(_earned + seconds * _bytesPerSecond, _drawn + SecondsKept * _bytesPerSecond);
    }
}
