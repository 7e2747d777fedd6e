using CcBt.Core.Transport;

namespace CcBt.Core.Tests.Transport;

/// <summary>Limits hold from above within 5 %, and at least 85 % of them is used.</summary>
public sealed class RateLimitTests : IDisposable
{
    private const double Seconds = 20;
    private const long Kibi = 1 << 10;

    private readonly RateRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(false, 10 * Kibi, 1, true)]
    [InlineData(false, 10 * Kibi, 8, false)]
    [InlineData(false, 2 * Kibi, 2, true)]
    [InlineData(false, 500 * Kibi, 5, false)]
    [InlineData(false, 2048 * Kibi, 3, true)]
    [InlineData(true, 10 * Kibi, 1, true)]
    [InlineData(true, 10 * Kibi, 8, false)]
    [InlineData(true, 2 * Kibi, 2, true)]
    [InlineData(true, 500 * Kibi, 5, false)]
    [InlineData(true, 2048 * Kibi, 3, true)]
    public async Task One_limit_is_kept_and_used_by_any_number_of_peers(bool isUp, long rate, int peers, bool isClients)
    {
        TokenBucket limited = _rig.Bucket(rate), free = _rig.Bucket(0);
        await JoinAsync(isUp, isClients ? limited : free, isClients ? free : limited, peers, rate);
        double[] rates = await _rig.PlayAsync(Seconds);
        AssertUsed(rate, rates.Sum());
        // Links take turns.
        Assert.All(rates, r => Assert.InRange(r, 0.7 * rate / peers, 1.3 * rate / peers));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Both_limits_hold_when_both_stand(bool isUp)
    {
        TokenBucket client = _rig.Bucket(100 * Kibi), first = _rig.Bucket(30 * Kibi), second = _rig.Bucket(80 * Kibi);
        await JoinAsync(isUp, client, first, 2, 200 * Kibi);
        await JoinAsync(isUp, client, second, 3, 200 * Kibi);

        double[] rates = await _rig.PlayAsync(Seconds);
        AssertUsed(100 * Kibi, rates.Sum());
        Assert.InRange(rates[..2].Sum(), 1, 1.05 * 30 * Kibi);
        Assert.InRange(rates[2..].Sum(), 1, 1.05 * 80 * Kibi);

        // The client's is out of the way now: each session uses its own.
        client.BytesPerSecond = 1000 * Kibi;
        rates = await _rig.PlayAsync(Seconds);
        AssertUsed(30 * Kibi, rates[..2].Sum());
        AssertUsed(80 * Kibi, rates[2..].Sum());
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task A_changed_limit_holds_at_once(bool isUp, bool isClients)
    {
        TokenBucket changed = _rig.Bucket(100 * Kibi), other = _rig.Bucket(5000 * Kibi);
        await JoinAsync(isUp, isClients ? changed : other, isClients ? other : changed, 4, 600 * Kibi);
        AssertUsed(100 * Kibi, (await _rig.PlayAsync(Seconds)).Sum());
        foreach (long rate in (long[])[400 * Kibi, 10 * Kibi, 50 * Kibi, 2 * Kibi, 100 * Kibi])
        {
            changed.BytesPerSecond = rate;
            AssertUsed(rate, (await _rig.PlayAsync(Seconds)).Sum());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_limit_that_is_lifted_keeps_nobody_waiting(bool isUp)
    {
        TokenBucket bucket = _rig.Bucket(Kibi);
        await JoinAsync(isUp, bucket, null, 4, 64 * Kibi);
        await _rig.PlayAsync(1);
        bucket.BytesPerSecond = 0;
        _rig.Time.Advance(TimeSpan.FromSeconds(0.25));
        await LinkOwner.WaitAsync(() => _rig.Links.Sum(l => l.Traffic.PayloadReceivedBytes + l.Traffic.PayloadSentBytes) >= 64 * Kibi * (long)Seconds);
        Assert.InRange(_rig.Time.Elapsed, TimeSpan.FromSeconds(1.25), TimeSpan.FromSeconds(1.25));
    }

    [Fact]
    public async Task A_limit_set_again_to_what_it_is_gives_nothing_away()
    {
        TokenBucket bucket = _rig.Bucket(10 * Kibi);
        await JoinAsync(isUp: false, bucket, null, 2, 20 * Kibi);
        double moved = 0;
        for (int i = 0; i < 20; i++)
        {
            bucket.BytesPerSecond = 10 * Kibi;
            moved += (await _rig.PlayAsync(1)).Sum();
        }
        AssertUsed(10 * Kibi, moved / 20);
    }

    private static void AssertUsed(long limit, double rate) => Assert.InRange(rate / limit, 0.85, 1.05);

    /// <summary>So many peers that have enough for the rate, and a little more.</summary>
    private async Task JoinAsync(bool isUp, TokenBucket client, TokenBucket? session, int peers, long rate)
    {
        int blocks = 2 + (int)(rate * Seconds * 1.3 / peers / CcBt.Core.Wire.BlockAddress.Size);
        for (int i = 0; i < peers; i++)
            _ = isUp ? await _rig.UploadAsync(client, session, blocks) : await _rig.DownloadAsync(client, session, blocks);
    }
}
