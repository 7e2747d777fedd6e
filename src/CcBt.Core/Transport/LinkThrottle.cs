namespace CcBt.Core.Transport;

/// <summary>
/// One direction of one link's budget: its part of the client's bucket and of the session's. One loop at a time draws. Leave is acquired before bytes
/// move, so that any number of links together stay inside both rates.
/// </summary>
internal sealed class LinkThrottle(TokenBucket? client, TokenBucket? session)
{
    private const int LeastQuantum = 1 << 10;

    /// <summary>A wait is looked at again this often, so that a changed limit counts soon.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(250);

    private TokenDraw _client, _session;

    public static LinkThrottle None { get; } = new(null, null);

    public bool IsLimited => RateOf(client) > 0 || RateOf(session) > 0;

    /// <summary>The most bytes that should move at once: an eighth of a second's worth when a limit is set, so that links take turns.</summary>
    public int Quantum(int most)
    {
        long rate = Math.Min(Unlimited(RateOf(client)), Unlimited(RateOf(session)));
        return (int)Math.Min(most, Math.Max(LeastQuantum, rate / 8));
    }

    /// <summary>Takes bytes from both buckets, also ones that have moved already, and returns how long to wait.</summary>
    public TimeSpan Draw(int bytes)
    {
        TimeSpan first = client?.Draw(bytes) ?? TimeSpan.Zero;
        TimeSpan second = session?.Draw(bytes) ?? TimeSpan.Zero;
        return first > second ? first : second;
    }

    /// <summary>Waits for leave to move up to so many bytes, and returns how many; 0 when the link has closed meanwhile.</summary>
    public async ValueTask<int> AcquireAsync(int most, LinkLife life, TimeProvider time)
    {
        while (IsLimited)
        {
            int bytes = Quantum(most);
            Reserve(bytes);
            while (Owed() is { } owed)
            {
                if (owed <= TimeSpan.Zero)
                    return bytes;
                await life.DelayAsync(SleepFor(owed), time).ConfigureAwait(false);
                if (!life.IsClosed)
                    continue;
                Return(bytes);
                return 0;
            }
            // A rate was changed: what was drawn for the former one is given back, and less or more is drawn.
            Return(bytes);
        }
        return life.IsClosed ? 0 : most;
    }

    /// <summary>Gives back acquired bytes that did not move.</summary>
    public void Return(int bytes)
    {
        client?.Return(_client, bytes);
        session?.Return(_session, bytes);
    }

    /// <summary>Timers count whole milliseconds; a part of one would be no sleep at all.</summary>
    private static TimeSpan SleepFor(TimeSpan owed)
        => owed < LongestSleep ? TimeSpan.FromMilliseconds(Math.Ceiling(owed.TotalMilliseconds)) : LongestSleep;

    private void Reserve(int bytes)
    {
        _client = client?.Reserve(bytes) ?? default;
        _session = session?.Reserve(bytes) ?? default;
    }

    private TimeSpan? Owed()
    {
        TimeSpan? first = client is null ? TimeSpan.Zero : client.Owed(_client);
        TimeSpan? second = session is null ? TimeSpan.Zero : session.Owed(_session);
        return first is null || second is null ? null : first > second ? first : second;
    }

    private static long RateOf(TokenBucket? bucket) => bucket?.BytesPerSecond ?? 0;

    private static long Unlimited(long rate) => rate == 0 ? long.MaxValue : rate;
}
