namespace CcBt.Core.Transport;

/// <summary>One direction of a link's budget: the client's bucket, then the session's.</summary>
internal sealed class LinkThrottle(TokenBucket? client, TokenBucket? session)
{
    private const int LeastQuantum = 4 << 10;

    public static LinkThrottle None { get; } = new(null, null);

    public bool IsLimited => RateOf(client) > 0 || RateOf(session) > 0;

    /// <summary>The most bytes that should move at once: an eighth of a second's worth when a limit is set, so that links take turns.</summary>
    public int Quantum(int most)
    {
        long rate = Math.Min(Unlimited(RateOf(client)), Unlimited(RateOf(session)));
        return (int)Math.Min(most, Math.Max(LeastQuantum, rate / 8));
    }

    /// <summary>Takes bytes from both buckets and returns how long to wait.</summary>
    public TimeSpan Draw(int bytes)
    {
        TimeSpan first = client?.Draw(bytes) ?? TimeSpan.Zero;
        TimeSpan second = session?.Draw(bytes) ?? TimeSpan.Zero;
        return first > second ? first : second;
    }

    private static long RateOf(TokenBucket? bucket) => bucket?.BytesPerSecond ?? 0;

    private static long Unlimited(long rate) => rate == 0 ? long.MaxValue : rate;
}
