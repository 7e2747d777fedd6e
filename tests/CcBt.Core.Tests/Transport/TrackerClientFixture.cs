using CcBt.Core.Addressing;
using CcBt.Core.Tests.Time;
using CcBt.Core.Tests.Trackers;
using CcBt.Core.Trackers;
using CcBt.Core.Transport;

namespace CcBt.Core.Tests.Transport;

/// <summary>An HTTP tracker client in virtual time with a scripted resolver.</summary>
internal sealed class TrackerClientFixture : IDisposable
{
    public TrackerClientFixture()
    {
        Resolver = new HostResolver(Lookup, Time);
        Client = new HttpTrackerClient(Resolver, Time);
        Lookup.Host("tracker.test", "127.0.0.1");
    }

    public ManualTimeProvider Time { get; } = new();

    public ScriptedHostLookup Lookup { get; } = new();

    public HostResolver Resolver { get; }

    public HttpTrackerClient Client { get; }

    public static AnnounceOrder Order(string url, AnnounceEvent announceEvent = AnnounceEvent.None, string local = "0.0.0.0", double limitSeconds = 30)
    {
        var from = PeerAddress.From(new System.Net.IPEndPoint(System.Net.IPAddress.Parse(local), 0));
        return new AnnounceOrder(1, AnnounceSamples.Url(url), new AnnounceRoute(AnnounceSamples.Hash, from, 6881), AnnounceSamples.Request(announceEvent), TimeSpan.FromSeconds(limitSeconds));
    }

    /// <summary>Announces with the real time as a net under the test.</summary>
    public Task<AnnounceResult> AnnounceAsync(string url, CancellationToken cancellationToken = default)
        => AnnounceAsync(Order(url), cancellationToken);

    public Task<AnnounceResult> AnnounceAsync(AnnounceOrder order, CancellationToken cancellationToken = default)
        => Client.AnnounceAsync(order, cancellationToken).WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);

    /// <summary>Lets virtual time pass until the task has ended.</summary>
    public async Task<T> PassTimeAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        return await task;
    }

    /// <summary>
    /// Goes from timer to timer, as long as the next one is at most <paramref name="longest"/> away: no time passes while another thread takes up what a timer
    /// began, however late it is run.
    /// </summary>
    public async Task<T> PassTimersAsync<T>(Task<T> task, TimeSpan longest)
    {
        while (!task.IsCompleted)
        {
            if (Time.NextDue is { } due && due <= longest)
                Time.Advance(due);
            await Task.Yield();
        }
        return await task;
    }

    public void Dispose()
    {
        Client.Dispose();
        Resolver.Dispose();
    }
}
