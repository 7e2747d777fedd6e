using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class RequestWindowTests
{
    private static readonly TimeSpan s_roundTrip = TimeSpan.FromMilliseconds(100);
    private readonly RequestWindow _window = new();
    private int _second;

    public RequestWindowTests() => _window.SetLimit(Limits.RequestWindow);

    [Fact]
    public void It_doubles_while_the_rate_follows_and_then_holds_two_seconds_of_it()
    {
        int first = _window.Size;
        _window.Received(first, 1, s_roundTrip);
        Assert.Equal(2 * first, _window.Size);
        Run(6, 50);
        Assert.InRange(_window.Size, 98, 102);
        Run(6, 20);
        Assert.InRange(_window.Size, 38, 48);
    }

    [Fact]
    public void It_holds_two_round_trips_where_those_are_long()
    {
        Run(8, 50, TimeSpan.FromSeconds(2));
        Assert.InRange(_window.Size, 195, 205);
        Assert.Equal(TimeSpan.FromSeconds(2), _window.RoundTrip);
    }

    [Fact]
    public void The_round_trip_is_the_shortest_one()
    {
        Assert.Equal(TimeSpan.Zero, _window.RoundTrip);
        _window.Received(1, 1, s_roundTrip);
        _window.Received(1, 1, 2 * s_roundTrip);
        Assert.Equal(s_roundTrip, _window.RoundTrip);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 5)]
    [InlineData(100_000, Limits.RequestWindow)]
    public void It_never_exceeds_what_the_peer_takes(int announced, int limit)
    {
        _window.SetLimit(announced);
        Assert.Equal(limit, _window.Limit);
        Run(10, 5000);
        Assert.Equal(limit, _window.Size);
    }

    [Fact]
    public void A_slow_peer_keeps_two_requests()
    {
        for (int i = 0; i < 5; i++)
        {
            _second += 30;
            _window.Received(1, 1, s_roundTrip);
            _window.Tick(TimeSpan.FromSeconds(_second));
        }
        Assert.Equal(2, _window.Size);
    }

    [Fact]
    public void Nothing_is_judged_without_blocks_or_within_a_second()
    {
        Run(6, 50);
        int size = _window.Size;
        _window.Tick(TimeSpan.FromSeconds(_second + 60));
        Assert.Equal(size, _window.Size);
        _window.Received(1, BlockAddress.Size, s_roundTrip);
        _window.Tick(TimeSpan.FromSeconds(_second + 0.8));
        Assert.Equal(size, _window.Size);
        _window.Tick(TimeSpan.FromSeconds(_second + 0.9));
        Assert.NotEqual(size, _window.Size);
    }

    [Fact]
    public void It_grows_as_long_as_the_rate_follows()
    {
        foreach ((int blocks, int size) in new[] { (20, 36), (40, 76), (80, 156) })
        {
            Run(1, blocks);
            Assert.Equal(size, _window.Size);
        }
        // The rate follows no longer: two seconds of it are held.
        Run(1, 80);
        Assert.Equal(160, _window.Size);
        _window.Received(10, 1, s_roundTrip);
        Assert.Equal(160, _window.Size);
    }

    [Fact]
    public void A_rate_that_falls_is_followed_half_way_at_first()
    {
        Run(2, 50);
        Run(1, 20);
        Assert.Equal(70, _window.Size);
    }

    [Fact]
    public void A_snub_leaves_one_request_and_a_new_beginning_starts_over()
    {
        Run(6, 50);
        _window.Snub();
        Assert.Equal(1, _window.Size);
        _window.Received(3, 1, s_roundTrip);
        Assert.Equal(1, _window.Size);
        _window.Restart(TimeSpan.FromSeconds(_second));
        Assert.Equal(16, _window.Size);
        _window.Received(3, 1, s_roundTrip);
        Assert.Equal(19, _window.Size);
    }

    [Fact]
    public void A_rejection_halves_it_until_blocks_come_again()
    {
        _window.Rejected();
        Assert.Equal(8, _window.Size);
        _window.Restart(TimeSpan.Zero);
        Assert.Equal(8, _window.Size);
        for (int i = 0; i < 5; i++)
            _window.Rejected();
        Assert.Equal(1, _window.Size);
        _window.Received(1, 1, s_roundTrip);
        _window.Restart(TimeSpan.Zero);
        Assert.Equal(16, _window.Size);
    }

    [Fact]
    public void The_rate_of_a_steady_stream_is_read_soon_and_fades_after_it()
    {
        var meter = new RateMeter(TimeSpan.FromSeconds(50));
        for (int tenth = 1; tenth <= 200; tenth++)
        {
            TimeSpan now = TimeSpan.FromSeconds(50 + tenth / 10.0);
            meter.Add(10_000, now);
            if (tenth >= 10)
                Assert.InRange(meter.BytesPerSecond(now), 90_000, 112_000);
        }
        Assert.Equal(2_000_000, meter.TotalBytes);
        double last = meter.BytesPerSecond(TimeSpan.FromSeconds(70));
        Assert.InRange(meter.BytesPerSecond(TimeSpan.FromSeconds(76)), last * 0.33, last * 0.42);
        Assert.InRange(meter.BytesPerSecond(TimeSpan.FromSeconds(200)), 0, 1);
    }

    [Fact]
    public void Bytes_that_are_noted_late_count_from_the_newest_moment()
    {
        TimeSpan now = TimeSpan.FromSeconds(12);
        var late = new RateMeter(TimeSpan.Zero);
        var inTime = new RateMeter(TimeSpan.Zero);
        late.Add(1000, now);
        late.Add(1000, TimeSpan.FromSeconds(9));
        inTime.Add(2000, now);
        Assert.Equal(inTime.BytesPerSecond(now), late.BytesPerSecond(now), 6);
    }

    [Fact]
    public void Bits_of_two_sets_are_walked_and_counted_as_one_by_one()
    {
        var random = new Random(6);
        foreach (int count in new[] { 1, 7, 8, 63, 64, 65, 127, 128, 200 })
        {
            PieceSet one = RandomSet(count), other = RandomSet(count);
            int[] both = [.. Enumerable.Range(0, count).Where(p => one[p] && other[p])];
            Assert.Equal(both.Length, PieceBits.CountBoth(one, other));
            for (int from = 0; from < count; from++)
            {
                Assert.Equal(both.Where(p => p >= from).DefaultIfEmpty(-1).First(), PieceBits.NextBoth(one, other, from));
                Assert.Equal(Enumerable.Range(from, count - from).Where(p => one[p]).DefaultIfEmpty(-1).First(), PieceBits.Next(one, from));
            }
            PieceSet missing = PieceBits.Missing(one, other);
            Assert.All(Enumerable.Range(0, count), p => Assert.Equal(one[p] && !other[p], missing[p]));
        }

        PieceSet RandomSet(int count)
        {
            var set = new PieceSet(count);
            for (int piece = 0; piece < count; piece++)
            {
                if (random.Next(6) == 0)
                    set.Add(piece);
            }
            return set;
        }
    }

    /// <summary>Seconds with so many blocks each.</summary>
    private void Run(int seconds, int blocks, TimeSpan? roundTrip = null)
    {
        for (int i = 0; i < seconds; i++)
        {
            _second++;
            _window.Received(blocks, (long)blocks * BlockAddress.Size, roundTrip ?? s_roundTrip);
            _window.Tick(TimeSpan.FromSeconds(_second));
        }
    }
}
