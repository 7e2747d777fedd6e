using System.Net.Sockets;

namespace CcBt.Core.Transport;

/// <summary>
/// Ends a link once and in order: whoever closes it wakes its loops; when the last loop has left, nobody touches its memory or
/// socket any more and <paramref name="finished"/> runs, once. Thread-safe.
/// </summary>
internal sealed class LinkLife(Action finished)
{
    private readonly object _gate = new();
    private Socket? _socket;
    private CancellationTokenSource? _ending;
    private int _loops;
    private volatile bool _isClosed;
    private volatile bool _isThreaded;

    public bool IsClosed => _isClosed;

    public LinkCloseReason Reason { get; private set; }

    /// <summary>A loop sits in a blocking wait on a thread of its own; its socket is not disposed under it.</summary>
    public bool IsThreaded
    {
        get => _isThreaded;
        set => _isThreaded = value;
    }

    /// <summary>Waits, at most until the link is closed.</summary>
    public async ValueTask DelayAsync(TimeSpan delay, TimeProvider time)
    {
        CancellationToken ending;
        lock (_gate)
        {
            if (_isClosed)
                return;
            ending = (_ending ??= new CancellationTokenSource()).Token;
        }
        await Task.Delay(delay, time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Gives the link its socket. When the link is closed already the socket is disposed.</summary>
    public bool TryAttach(Socket socket)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _socket = socket;
                return true;
            }
        }
        socket.Dispose();
        return false;
    }

    /// <summary>A loop begins. False when the link is closed; the loop must not run then.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _loops++;
            return true;
        }
    }

    /// <summary>A loop has ended and will touch nothing of the link.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (--_loops > 0 || !_isClosed)
                return;
        }
        Finish();
    }

    /// <summary>Ends the link; the first reason counts. True for the call that ended it.</summary>
    public bool Close(LinkCloseReason reason)
    {
        bool isLast;
        Socket? socket;
        lock (_gate)
        {
            if (_isClosed)
                return false;
            Reason = reason;
            _isClosed = true;
            isLast = _loops == 0;
            socket = _socket;
        }
        _ending?.Cancel();
        Wake(socket);
        if (isLast)
            Finish();
        return true;
    }

    private void Wake(Socket? socket)
    {
        try
        {
            // Disposing under a blocking wait would reset the connection; shutting down ends the wait as well.
            socket?.Shutdown(SocketShutdown.Both);
            if (IsThreaded)
                return;
        }
        catch (SocketException)
        {
            // It was not connected yet, or is not any more.
        }
        catch (ObjectDisposedException)
        {
            return;
        }
        socket?.Dispose();
    }

    private void Finish()
    {
        // The source of the token is left to the collector: whoever closed the link may still be cancelling it.
        _socket?.Dispose();
        finished();
    }
}
