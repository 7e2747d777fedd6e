using System.Net;
using System.Net.Sockets;
using CcBt.Core.Addressing;
using CcBt.Core.Tests.Time;
using CcBt.Core.Transport;

namespace CcBt.Core.Tests.Transport;

public sealed class HostResolverTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedHostLookup _lookup = new();
    private readonly HostResolver _resolver;

    public HostResolverTests() => _resolver = new HostResolver(_lookup, _time);

    public void Dispose() => _resolver.Dispose();

    private async Task<string> ResolveAsync(string host, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<PeerAddress> addresses = await _resolver.ResolveAsync(host, 80, cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        return string.Join(' ', addresses);
    }

    [Fact]
    public async Task Addresses_are_kept_for_twenty_minutes()
    {
        _lookup.Host("a.test", "1.2.3.4", "2001:db8::1", "::ffff:1.2.3.4");
        Assert.Equal("1.2.3.4:80 [2001:db8::1]:80", await ResolveAsync("a.test"));
        _lookup.Host("a.test", "5.6.7.8");
        _time.Advance(TimeSpan.FromMinutes(19));
        Assert.Equal("1.2.3.4:80 [2001:db8::1]:80", await ResolveAsync("A.TEST"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("5.6.7.8:80", await ResolveAsync("a.test"));
        Assert.Equal(2, _lookup.Calls);
    }

    [Fact]
    public async Task Former_addresses_are_used_when_the_name_is_gone()
    {
        _lookup.Host("a.test", "1.2.3.4");
        await ResolveAsync("a.test");
        _lookup.Host("a.test", () => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.TryAgain)));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("1.2.3.4:80", await ResolveAsync("a.test"));
    }

    [Fact]
    public async Task A_failure_is_believed_for_a_minute()
    {
        Assert.Equal("", await ResolveAsync("none.test"));
        Assert.Equal("", await ResolveAsync("none.test"));
        Assert.Equal(1, _lookup.Calls);
        _time.Advance(TimeSpan.FromMinutes(1));
        await ResolveAsync("none.test");
        Assert.Equal(2, _lookup.Calls);
    }

    [Fact]
    public async Task Literals_need_no_lookup()
    {
        Assert.Equal("[2001:db8::1]:80", await ResolveAsync("2001:db8::1"));
        Assert.Equal("127.0.0.1:80", await ResolveAsync("127.0.0.1"));
        Assert.Equal(0, _lookup.Calls);
    }

    [Fact]
    public async Task Callers_share_a_lookup_and_leave_it_when_cancelled()
    {
        var answer = new TaskCompletionSource<IPAddress[]>();
        _lookup.Host("slow.test", () => answer.Task);
        using var cancel = new CancellationTokenSource();
        Task<string> first = ResolveAsync("slow.test", cancel.Token), second = ResolveAsync("slow.test");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult([IPAddress.Loopback]);
        Assert.Equal("127.0.0.1:80", await second);
        Assert.Equal(1, _lookup.Calls);
    }

    [Fact]
    public async Task Only_two_lookups_are_under_way()
    {
        var asked = new SemaphoreSlim(0);
        var answer = new TaskCompletionSource<IPAddress[]>();
        int atOnce = 0, most = 0;
        for (int i = 0; i < 10; i++)
        {
            _lookup.Host($"{i}.test", async () =>
            {
                int now = Interlocked.Increment(ref atOnce);
                lock (answer)
                    most = Math.Max(most, now);
                asked.Release();
                IPAddress[] addresses = await answer.Task;
                Interlocked.Decrement(ref atOnce);
                return addresses;
            });
        }
        Task<string>[] all = [.. Enumerable.Range(0, 10).Select(i => ResolveAsync($"{i}.test"))];
        await asked.WaitAsync();
        await asked.WaitAsync();
        answer.SetResult([IPAddress.Loopback]);
        Assert.All(await Task.WhenAll(all), text => Assert.Equal("127.0.0.1:80", text));
        Assert.Equal(Limits.HostLookups, most);
    }

    [Fact]
    public async Task A_resolver_that_blocks_holds_two_threads_however_many_names_are_asked_and_nobody_waits_longer_than_he_wants()
    {
        using var open = new ManualResetEventSlim();
        using var entered = new SemaphoreSlim(0);
        int blocked = 0, most = 0;
        _lookup.Host("known.test", "1.2.3.4");
        await ResolveAsync("known.test");
        for (int i = 0; i < 50; i++)
        {
            // As a call of the system's resolver does, which no token ends.
            _lookup.Host($"{i}.test", () =>
            {
                lock (open)
                    most = Math.Max(most, ++blocked);
                entered.Release();
                open.Wait();
                lock (open)
                    blocked--;
                return Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
            });
        }
        using var patience = new CancellationTokenSource();
        Task<string>[] impatient = [.. Enumerable.Range(0, 50).Select(i => ResolveAsync($"{i}.test", patience.Token))];
        Task<string>[] patient = [.. Enumerable.Range(0, 50).Select(i => ResolveAsync($"{i}.test"))];
        Assert.Equal("1.2.3.4:80", await ResolveAsync("known.test"));
        await patience.CancelAsync();
        foreach (Task<string> task in impatient)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        // Their threads may come late; more than these do not come.
        for (int i = 0; i < Limits.HostLookups; i++)
            await entered.WaitAsync();
        Assert.All(patient, task => Assert.False(task.IsCompleted));
        open.Set();
        Assert.All(await Task.WhenAll(patient), text => Assert.Equal("127.0.0.1:80", text));
        Assert.Equal(Limits.HostLookups, most);
    }

    [Fact]
    public async Task The_cache_is_bounded()
    {
        for (int i = 0; i < Limits.HostCacheEntries + 50; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await ResolveAsync($"{i}.test");
        }
        int calls = _lookup.Calls;
        await ResolveAsync($"{Limits.HostCacheEntries}.test");
        Assert.Equal(calls, _lookup.Calls);
        await ResolveAsync("0.test");
        Assert.Equal(calls + 1, _lookup.Calls);
    }
}
