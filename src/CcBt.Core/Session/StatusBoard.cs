using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace CcBt.Core.Session;

/// <summary>The latest picture of something, published by the owner and read from any thread.</summary>
internal sealed class StatusBoard<T>(T first)
    where T : class
{
    private readonly object _gate = new();
    private readonly List<Channel<T>> _watchers = [];
    private volatile T _latest = first;
    private bool _isClosed;

    public T Latest => _latest;

    public bool IsWatched
    {
        get
        {
            lock (_gate)
                return _watchers.Count > 0;
        }
    }

    public void Publish(T value)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            _latest = value;
            foreach (Channel<T> watcher in _watchers)
                watcher.Writer.TryWrite(value);
        }
    }

    /// <summary>Publishes a last picture and ends every watch behind it.</summary>
    public void Close(T last)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            _latest = last;
            _isClosed = true;
            foreach (Channel<T> watcher in _watchers)
            {
                watcher.Writer.TryWrite(last);
                watcher.Writer.TryComplete();
            }
        }
    }

    /// <summary>The latest picture, then each newer one; a slow reader skips to the newest.</summary>
    public async IAsyncEnumerable<T> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            channel.Writer.TryWrite(_latest);
            if (_isClosed)
                channel.Writer.TryComplete();
            else
                _watchers.Add(channel);
        }
        try
        {
            await foreach (T value in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return value;
        }
        finally
        {
            lock (_gate)
                _watchers.Remove(channel);
        }
    }
}
