using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using CcBt.Core.Addressing;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Transport;

/// <summary>
/// One UDP socket of one listen endpoint, shared by everything that speaks UDP there (DHT, UDP trackers, µTP). All members may be called from any
/// thread. A TCP listener can have the same port: open one of them with port 0, then the other with the port that it got.
/// </summary>
internal sealed partial class UdpHub : IAsyncDisposable
{
    private const int KernelBufferBytes = 1 << 20;
    private const int WindowsConnectionReset = unchecked((int)0x9800000C);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(30);

    /// <summary>A socket that fails this often in a row is broken, not hit by stray ICMP messages.</summary>
    private const int MostFailuresInARow = 1000;

    [ThreadStatic]
    private static SocketAddress? s_target4;

    [ThreadStatic]
    private static SocketAddress? s_target6;

    private readonly object _gate = new();
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _receiving;
    private ImmutableArray<IDatagramSink> _sinks;
    private long _received;
    private long _sent;
    private long _dropped;
    private int _closed;
    private volatile Socket? _socket;

    private UdpHub(Socket socket, ImmutableArray<IDatagramSink> sinks, TimeProvider time, ILogger log)
    {
        _time = time;
        _socket = socket;
        _sinks = sinks;
        _log = log;
        Local = PeerAddress.From((IPEndPoint)socket.LocalEndPoint!);
        _receiving = ReceiveAllAsync();
    }

    /// <summary>The bound address with the port that the system gave.</summary>
    public PeerAddress Local { get; }

    public long ReceivedDatagrams => Interlocked.Read(ref _received);

    public long SentDatagrams => Interlocked.Read(ref _sent);

    /// <summary>Datagrams that the system did not take, or that were too long to be looked at.</summary>
    public long DroppedDatagrams => Interlocked.Read(ref _dropped);

    /// <summary>Binds and begins to receive. An IPv6 hub takes IPv6 only, so that both families can have the same port.</summary>
    /// <exception cref="SocketException">The endpoint cannot be bound.</exception>
    public static UdpHub Open(IPEndPoint local, TimeProvider time, ILogger log, params ReadOnlySpan<IDatagramSink> sinks)
    {
        return new UdpHub(Bind(local), [.. sinks], time, log);
    }

    /// <summary>
    /// Binds the same address and port with a new socket, as is needed when the system took the old one away with an interface or in its sleep. When that
    /// does not work yet, it is tried again until it does; what is sent until then is lost.
    /// </summary>
    public void Renew()
    {
        lock (_gate)
        {
            if (Volatile.Read(ref _closed) != 0)
                return;
            _socket?.Dispose();
            _socket = null;
            TryBind();
        }
    }

    /// <summary>Sinks are asked in the order in which they came, until one takes the datagram.</summary>
    public void Add(IDatagramSink sink) => ImmutableInterlocked.Update(ref _sinks, static (sinks, added) => sinks.Add(added), sink);

    public void Remove(IDatagramSink sink) => ImmutableInterlocked.Update(ref _sinks, static (sinks, removed) => sinks.Remove(removed), sink);

    /// <summary>Sends now or not at all: never waits. The bytes are the caller's again when it returns.</summary>
    public void Send(PeerAddress to, ReadOnlyMemory<byte> datagram)
    {
        if (to.IsV6 != Local.IsV6 || Volatile.Read(ref _closed) != 0)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }
        SocketAddress target = to.IsV6 ? s_target6 ??= SocketAddresses.Create(true) : s_target4 ??= SocketAddresses.Create(false);
        SocketAddresses.Set(target, to);
        try
        {
            Socket? socket = _socket;
            socket?.SendTo(datagram.Span, SocketFlags.None, target);
            Interlocked.Increment(ref socket is null ? ref _dropped : ref _sent);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // A full buffer, an unreachable network, an earlier ICMP error: to a datagram they are all loss.
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Stops receiving and closes the socket; no sink is called after it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        await _closing.CancelAsync().ConfigureAwait(false);
        lock (_gate)
            _socket?.Dispose();
        await _receiving.ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task ReceiveAllAsync()
    {
        // Off the opener's thread before the first datagram.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(Limits.DatagramBytes + 1, pinned: true);
        SocketAddress from = SocketAddresses.Create(Local.IsV6);
        int failures = 0;
        TimeSpan delay = RetryDelay;
        while (!_closing.IsCancellationRequested)
        {
            Socket? socket = Current();
            try
            {
                if (socket is null)
                {
                    await Task.Delay(delay, _time, _closing.Token).ConfigureAwait(false);
                    delay = delay * 2 < LongestRetryDelay ? delay * 2 : LongestRetryDelay;
                    continue;
                }
                int length = await socket.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, from, _closing.Token).ConfigureAwait(false);
                (failures, delay) = (0, RetryDelay);
                Deliver(from, buffer.AsMemory(0, length));
            }
            catch (SocketException exception)
            {
                // Windows reports a datagram longer than the buffer as an error; the others are rare.
                failures += exception.SocketErrorCode == SocketError.MessageSize ? 0 : 1;
                if (failures >= MostFailuresInARow)
                    GiveUp(socket!);
            }
            catch (ObjectDisposedException)
            {
                // Renewed, or the end.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static Socket Bind(IPEndPoint local)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Blocking = false;
            socket.ReceiveBufferSize = KernelBufferBytes;
            socket.SendBufferSize = KernelBufferBytes;
            // Without this, Windows fails receives after a peer's ICMP "port unreachable".
            if (OperatingSystem.IsWindows())
                socket.IOControl(WindowsConnectionReset, [0, 0, 0, 0], null);
            socket.Bind(local);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private void TryBind()
    {
        try
        {
            _socket = Bind(Local.ToEndPoint());
        }
        catch (SocketException exception)
        {
            LogUnbound(_log, Local, exception.SocketErrorCode);
        }
    }

    /// <summary>The socket to receive from; null when it cannot be bound at the moment.</summary>
    private Socket? Current()
    {
        lock (_gate)
        {
            if (_socket is null && Volatile.Read(ref _closed) == 0)
                TryBind();
            return _socket;
        }
    }

    private void GiveUp(Socket broken)
    {
        lock (_gate)
        {
            if (_socket != broken || Volatile.Read(ref _closed) != 0)
                return;
            LogBroken(_log, Local);
            broken.Dispose();
            _socket = null;
        }
    }

    private void Deliver(SocketAddress socketAddress, ReadOnlyMemory<byte> datagram)
    {
        if (datagram.Length > Limits.DatagramBytes || !SocketAddresses.TryGet(socketAddress, out PeerAddress from) || from.Port == 0)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }
        Interlocked.Increment(ref _received);
        try
        {
            foreach (IDatagramSink sink in _sinks)
            {
                if (sink.Receive(this, from, datagram))
                    return;
            }
        }
        catch (Exception exception)
        {
            // One datagram that a sink stumbles over must not deafen the whole client.
            LogSinkFailed(_log, from, exception);
        }
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "A datagram from {From} could not be handled.")]
    private static partial void LogSinkFailed(ILogger log, PeerAddress from, Exception exception);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Error, Message = "The UDP socket of {Local} fails again and again and is bound anew.")]
    private static partial void LogBroken(ILogger log, PeerAddress local);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Warning, Message = "The UDP socket of {Local} cannot be bound ({Error}); it will be tried again.")]
    private static partial void LogUnbound(ILogger log, PeerAddress local, SocketError error);
}
