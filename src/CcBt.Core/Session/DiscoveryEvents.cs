using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CcBt.Core.Addressing;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>
/// Raises a session's discovery events: the first at once, those behind it gathered for 250 ms per source, in order, one at a time on the thread pool, from a
/// bounded queue. Any thread may report. A handler that throws or blocks harms nobody, and closing never waits for one. What is found before anybody
/// could listen is held, within a bound, for whoever listens first.
/// </summary>
internal sealed class DiscoveryEvents : IDisposable
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);

    private readonly object _gate = new();
    private readonly Dictionary<PeerSource, long> _raised = [];
    private readonly TimeProvider _time;
    private readonly HandlerContext _context;
    private readonly ITimer _timer;
    private readonly Dictionary<PeerSource, PendingDiscovery> _pending = [];
    private readonly Queue<PeersDiscoveredEventArgs> _queue = new();
    private readonly List<Channel<PeersDiscoveredEventArgs>> _watchers = [];
    private EventHandler<PeersDiscoveredEventArgs>? _handlers;
    private int _missed, _heldPeers;
    private bool _wasHeard, _isTimerSet, _isDispatching, _isClosed;

    public DiscoveryEvents(TimeProvider time, ILogger logger)
    {
        _time = time;
        _context = new HandlerContext(logger);
        _timer = time.CreateTimer(static events => ((DiscoveryEvents)events!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What handlers get as the sender.</summary>
    public object? Sender { get; set; }

    public event EventHandler<PeersDiscoveredEventArgs>? Raised
    {
        add
        {
            lock (_gate)
            {
                _handlers += value;
                _wasHeard = true;
            }
            DispatchSoon();
        }
        remove
        {
            lock (_gate)
                _handlers -= value;
        }
    }

    /// <summary>Adds a discovery to the event under way for its source; the end of a lookup sends it at once.</summary>
    public void Report(PeerSource source, IReadOnlyCollection<PeerAddress> peers, int newPeers, bool lookupEnded)
    {
        if (peers.Count == 0 && !lookupEnded)
            return;
        lock (_gate)
        {
            if (_isClosed)
                return;
            if (!_pending.TryGetValue(source, out PendingDiscovery? pending))
                _pending[source] = pending = new PendingDiscovery();
            pending.Add(peers, newPeers, lookupEnded);
            if (!lookupEnded && pending.Peers.Count < Limits.DiscoveryEventPeers && WasRaisedLately(source))
            {
                if (!_isTimerSet)
                    _timer.Change(Gather, Timeout.InfiniteTimeSpan);
                _isTimerSet = true;
                return;
            }
        }
        Flush();
    }

    /// <summary>The same events as a stream, for callers that prefer one. A reader that falls 2,000 behind loses the oldest.</summary>
    public async IAsyncEnumerable<PeersDiscoveredEventArgs> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<PeersDiscoveredEventArgs>(new BoundedChannelOptions(Limits.DiscoveryEventQueue) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            if (_isClosed)
                yield break;
            _watchers.Add(channel);
            if (!_wasHeard)
            {
                while (_queue.TryDequeue(out PeersDiscoveredEventArgs? held))
                    channel.Writer.TryWrite(held);
            }
            _wasHeard = true;
        }
        try
        {
            await foreach (PeersDiscoveredEventArgs e in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return e;
        }
        finally
        {
            lock (_gate)
                _watchers.Remove(channel);
        }
    }

    /// <summary>No event begins after this; a handler that is running is not waited for.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _queue.Clear();
            _pending.Clear();
            foreach (Channel<PeersDiscoveredEventArgs> watcher in _watchers)
                watcher.Writer.TryComplete();
        }
        _timer.Dispose();
    }

    private void Flush()
    {
        lock (_gate)
        {
            _isTimerSet = false;
            if (_isClosed)
                return;
            foreach ((PeerSource source, PendingDiscovery pending) in _pending)
                Enqueue(source, pending);
            _pending.Clear();
        }
        DispatchSoon();
    }

    private void DispatchSoon()
    {
        lock (_gate)
        {
            if (_isDispatching || _queue.Count == 0 || _handlers is null)
                return;
            _isDispatching = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static events => events.Dispatch(), this, preferLocal: false);
    }

    /// <summary>A discovery after a quiet time is news that nobody should wait for.</summary>
    private bool WasRaisedLately(PeerSource source)
        => _raised.TryGetValue(source, out long stamp) && _time.GetElapsedTime(stamp) < Gather;

    private void Enqueue(PeerSource source, PendingDiscovery pending)
    {
        if (_queue.Count >= Limits.DiscoveryEventQueue)
        {
            _queue.Dequeue();
            _missed++;
        }
        _raised[source] = _time.GetTimestamp();
        IPEndPoint[] peers = [.. pending.Peers.Select(p => p.ToEndPoint())];
        var args = new PeersDiscoveredEventArgs(source, peers, pending.NewPeers, pending.LookupEnded, _missed);
        _missed = 0;
        foreach (Channel<PeersDiscoveredEventArgs> watcher in _watchers)
            watcher.Writer.TryWrite(args);
        if (_handlers is not null || IsHeld(args))
            _queue.Enqueue(args);
    }

    private bool IsHeld(PeersDiscoveredEventArgs args)
        => !_wasHeard && _queue.Count < Limits.EarlyDiscoveries && (_heldPeers += args.Peers.Count) <= Limits.EarlyDiscoveryPeers;

    private void Dispatch()
    {
        while (true)
        {
            PeersDiscoveredEventArgs? args;
            lock (_gate)
            {
                if (_isClosed || !_queue.TryDequeue(out args))
                {
                    _isDispatching = false;
                    return;
                }
            }
            foreach (Delegate handler in Volatile.Read(ref _handlers)?.GetInvocationList() ?? [])
                _context.Run(state => ((EventHandler<PeersDiscoveredEventArgs>)state!)(Sender, args), handler);
        }
    }
}
