using System.Net.Sockets;
using CcBt.Core.Addressing;
using CcBt.Core.Trackers;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Transport;

/// <summary>
/// Local service discovery (BEP 14) over IPv4 and IPv6. Thread-safe. What cannot be bound or joined is told in <see cref="Failures"/> and logged, and the rest works on.
/// </summary>
internal sealed partial class LocalDiscoveryService : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly LocalDiscoveryGroup[] _groups = [new(isV6: false), new(isV6: true)];
    private readonly LocalDiscovery _discovery;
    private readonly ILocalDiscoveryEvents _events;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _closing = new();
    private readonly IReadOnlyList<PeerAddress> _listen;
    private readonly ILogger _log;
    private Task _receiving = Task.CompletedTask;
    private bool _disposed;

    private LocalDiscoveryService(IReadOnlyList<PeerAddress> listen, string cookie, ILocalDiscoveryEvents events, TimeProvider time, ILogger log)
    {
        _discovery = new LocalDiscovery(cookie);
        _events = events;
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _listen = listen;
        _log = log;
        OpenGroups();
    }

    /// <summary>What could not be opened, in words for a person.</summary>
    public IReadOnlyList<string> Failures => [.. _groups.SelectMany(group => group.Failures)];

    /// <summary>Interfaces that are announced on, over both families.</summary>
    public int Interfaces => _groups.Sum(group => group.Interfaces);

    /// <summary>Opens for the addresses that peers can connect to, with their ports; an unspecified address stands for all interfaces but loopback.</summary>
    public static LocalDiscoveryService Open(IReadOnlyList<PeerAddress> listen, ILocalDiscoveryEvents events, Random random, TimeProvider time, ILogger log)
        => new(listen, random.NextInt64(long.MaxValue).ToString("x16"), events, time, log);

    /// <summary>Announces a swarm and reports its local peers from now on. Never for private torrents (BEP 27).</summary>
    public void Add(InfoHash hash)
    {
        lock (_gate)
        {
            _discovery.Add(hash, Now);
            Pump();
        }
    }

    public void Remove(InfoHash hash)
    {
        lock (_gate)
        {
            _discovery.Remove(hash);
            Pump();
        }
    }

    /// <summary>Joins the group on the interfaces that the machine has now.</summary>
    public void Renew()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            foreach (LocalDiscoveryGroup group in _groups)
                group.Dispose();
            OpenGroups();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        await _closing.CancelAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        foreach (LocalDiscoveryGroup group in _groups)
            group.Dispose();
        await _receiving.ConfigureAwait(false);
        _closing.Dispose();
    }

    private void OpenGroups()
    {
        foreach (LocalDiscoveryGroup group in _groups)
        {
            group.Open(_listen);
            foreach (string failure in group.Failures)
                LogFailure(_log, failure);
        }
        Socket[] listeners = [.. _groups.Where(group => group.Listener is not null).Select(group => group.Listener!)];
        _receiving = Task.WhenAll([_receiving, .. listeners.Select(listener => ReceiveAllAsync(listener, listener.AddressFamily == AddressFamily.InterNetworkV6))]);
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    private void OnTimer()
    {
        lock (_gate)
        {
            _discovery.Advance(Now);
            Pump();
        }
    }

    private void Pump()
    {
        if (_disposed)
            return;
        while (_discovery.TryTakeAnnounce(out InfoHash[] hashes))
        {
            foreach (LocalDiscoveryGroup group in _groups)
                group.Send(hashes, _discovery.Cookie);
        }
        while (_discovery.TryTakeFound(out (InfoHash Hash, PeerAddress Peer) found))
            _events.LocalPeerFound(found.Hash, found.Peer);
        TimeSpan? wait = _discovery.NextDeadline - Now;
        _timer.Change(wait is null ? Timeout.InfiniteTimeSpan : wait > TimeSpan.Zero ? wait.Value : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task ReceiveAllAsync(Socket listener, bool isV6)
    {
        // Off the opener's thread before the first datagram.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var buffer = new byte[Limits.LocalDiscoveryBytes + 1];
        var from = SocketAddresses.Create(isV6);
        int failures = 0;
        while (!_closing.IsCancellationRequested && failures < 100)
        {
            try
            {
                int length = await listener.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, from, _closing.Token).ConfigureAwait(false);
                failures = 0;
                if (!SocketAddresses.TryGet(from, out PeerAddress sender))
                    continue;
                lock (_gate)
                {
                    _discovery.Handle(sender, buffer.AsSpan(0, length), Now);
                    Pump();
                }
            }
            catch (SocketException exception)
            {
                if (exception.SocketErrorCode == SocketError.OperationAborted)
                    return;
                // Windows reports a datagram longer than the buffer as an error; the others are rare.
                failures += exception.SocketErrorCode == SocketError.MessageSize ? 0 : 1;
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    [LoggerMessage(EventId = 4010, Level = LogLevel.Warning, Message = "{Failure}")]
    private static partial void LogFailure(ILogger log, string failure);
}
