using System.Collections.Concurrent;

namespace CcBt.Core.Transport;

/// <summary>
/// One timer for all links of a client: once a second it ends those that are out of time and keeps the silent ones alive. It runs only
/// while there are links. Thread-safe.
/// </summary>
internal sealed class LinkSweep : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TcpPeerLink, bool> _links = new();
    private readonly object _gate = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private int _count;
    private int _tick;
    private bool _isDisposed;

    public LinkSweep(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((LinkSweep)state!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whole seconds since the client opened, as of the last sweep while it runs.</summary>
    public int Tick => Volatile.Read(ref _count) > 0 ? Volatile.Read(ref _tick) : Now();

    public int Count => _links.Count;

    /// <summary>Watches a link; after the end of the client it is closed at once.</summary>
    public void Add(TcpPeerLink link)
    {
        bool isLate;
        lock (_gate)
        {
            isLate = _isDisposed;
            if (!_links.TryAdd(link, true))
                return;
            if (_count == 0)
            {
                Volatile.Write(ref _tick, Now());
                if (!isLate)
                    _timer.Change(Period, Period);
            }
            Volatile.Write(ref _count, _count + 1);
        }
        if (isLate)
            link.Close(LinkCloseReason.Shutdown);
    }

    public void Remove(TcpPeerLink link)
    {
        lock (_gate)
        {
            if (!_links.TryRemove(link, out _))
                return;
            Volatile.Write(ref _count, _count - 1);
            if (_count == 0 && !_isDisposed)
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends every link.</summary>
    public void CloseAll(LinkCloseReason reason)
    {
        foreach (TcpPeerLink link in _links.Keys)
            link.Close(reason);
    }

    public void Dispose()
    {
        lock (_gate)
            _isDisposed = true;
        _timer.Dispose();
    }

    private void Run()
    {
        Volatile.Write(ref _tick, Now());
        foreach (TcpPeerLink link in _links.Keys)
            link.Check();
    }

    private int Now() => (int)_time.GetElapsedTime(_start).TotalSeconds;
}
