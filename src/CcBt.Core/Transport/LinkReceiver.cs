using System.Buffers;
using System.Net.Sockets;
using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>
/// The receive loop of a link around the synchronous reader. A busy link, and a new one whose socket nobody has awaited yet, gets a thread
/// that blocks in the receive, as long as one is free; others are awaited, without a buffer while nothing comes.
/// </summary>
internal sealed class LinkReceiver(
    TcpPeerLink link, Socket socket, PeerReader reader, LinkInbox inbox, LinkParts parts, LinkThrottle throttle, LinkHost host)
{
    private const int ReceivesPerTurn = 16;
    private const int PollMicroseconds = 1_000_000;
    private const int GatherMicroseconds = 2_000;
    private const int IdleTicks = 2;

    private static readonly TimeSpan OwnerPause = TimeSpan.FromMilliseconds(20);

    private readonly LinkLife _life = parts.Life;
    private readonly LinkClock _clock = parts.Clock;
    private long _receivedBytes;
    private long _receivedPayloadBytes;
    private int _bytesThisSecond;
    private TimeSpan _wait;
    private int _leave;
    private int _lowWater = 1;

    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    public long ReceivedPayloadBytes => Volatile.Read(ref _receivedPayloadBytes);

    public void Start()
    {
        if (_life.TryEnter() && !(link.IsUnwatched && host.Threads.TryRun(this)))
            RunAwaited();
    }

    /// <summary>The loop of a busy link; <see cref="ReceiveThreads"/> calls it on a thread of its own.</summary>
    public void RunThreaded(byte[] scratch)
    {
        bool isDemoted = false;
        try
        {
            _life.IsThreaded = true;
            isDemoted = ReceiveWhileBusy(scratch);
            SetLowWater(1);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
        finally
        {
            _life.IsThreaded = false;
            if (isDemoted)
                RunAwaited();
            else
                _life.Leave();
        }
    }

    private void RunAwaited()
        => ThreadPool.UnsafeQueueUserWorkItem(static receiver => _ = receiver.RunAwaitedAsync(), this, preferLocal: false);

    private async Task RunAwaitedAsync()
    {
        bool isPromoted = false;
        try
        {
            while (!isPromoted)
            {
                switch (DrainRented())
                {
                    case ReceiveOutcome.Over:
                        return;
                    case ReceiveOutcome.Wait:
                        await PauseAsync().ConfigureAwait(false);
                        break;
                    default:
                        isPromoted = IsBusy() && host.Threads.TryRun(this);
                        break;
                    case ReceiveOutcome.Drained:
                        isPromoted = IsBusy() && host.Threads.TryRun(this);
                        if (!isPromoted && !await HasBytesAsync().ConfigureAwait(false))
                            return;
                        break;
                }
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
        finally
        {
            if (!isPromoted)
                _life.Leave();
        }
    }

    // Receiving nothing waits for bytes without keeping a buffer.
    private async ValueTask<bool> HasBytesAsync()
    {
        if (await link.Receives.ReceiveAsync(socket, Memory<byte>.Empty).ConfigureAwait(false) == SocketError.Success)
            return true;
        _life.Close(LinkCloseReason.Reset);
        return false;
    }

    // True when the link should go on awaited; false when it is over.
    private bool ReceiveWhileBusy(byte[] scratch)
    {
        int since = host.Sweep.Tick;
        long bytesBefore = _receivedBytes;
        while (true)
        {
            ReceiveOutcome outcome = Drain(scratch);
            if (outcome is ReceiveOutcome.Over or ReceiveOutcome.Wait)
                return outcome == ReceiveOutcome.Wait;
            if (outcome == ReceiveOutcome.Drained)
                WaitForBytes();
            int now = host.Sweep.Tick;
            if (now - since < IdleTicks)
                continue;
            if (_receivedBytes - bytesBefore < Limits.BusyBytesPerSecond)
                return true;
            since = now;
            bytesBefore = _receivedBytes;
        }
    }

    // While much is due, a receive lets a worthwhile amount gather: each wake of this thread, and of a socket engine that watches
    // the same socket and finds nobody to tell, costs more than the bytes of a packet.
    private void WaitForBytes()
    {
        bool isMuchDue = parts.Leases.Outstanding >= Limits.GatheringLeases;
        SetLowWater(isMuchDue ? Limits.GatheredReceiveBytes : 1);
        socket.Poll(_lowWater > 1 ? GatherMicroseconds : PollMicroseconds, SelectMode.SelectRead);
    }

    private void SetLowWater(int bytes)
    {
        if (bytes == _lowWater || !OperatingSystem.IsLinux() || _life.IsClosed)
            return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveLowWater, bytes);
        _lowWater = bytes;
    }

    private async ValueTask PauseAsync()
    {
        _clock.Hold();
        if (_wait > TimeSpan.Zero)
            await _life.DelayAsync(_wait, host.Time).ConfigureAwait(false);
        else
            _leave = await throttle.AcquireAsync(socket.Available, _life, host.Time).ConfigureAwait(false);
        _clock.Resume();
        _wait = TimeSpan.Zero;
    }

    private ReceiveOutcome DrainRented()
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(Limits.AwaitedReceiveBytes);
        try
        {
            return Drain(scratch);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private ReceiveOutcome Drain(byte[] scratch)
    {
        ReceiveOutcome outcome = Receive(scratch);
        if (outcome != ReceiveOutcome.More)
            parts.Reporter.Drained();
        return outcome;
    }

    private ReceiveOutcome Receive(byte[] scratch)
    {
        if (_wait > TimeSpan.Zero)
            return ReceiveOutcome.Wait;
        for (int i = 0; i < ReceivesPerTurn; i++)
        {
            if (_life.IsClosed)
                return ReceiveOutcome.Over;
            if (NeedsLeave())
                return ReceiveOutcome.Wait;
            Memory<byte> buffer = reader.GetBuffer(scratch);
            if (throttle.IsLimited)
                buffer = buffer[..Math.Min(buffer.Length, _leave > 0 ? _leave : throttle.Quantum(buffer.Length))];
            int count = socket.Receive(buffer.Span, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                Settle(0);
                reader.Advance(0, out _);
                return ReceiveOutcome.Drained;
            }
            if (error != SocketError.Success || count == 0)
            {
                _life.Close(error == SocketError.Success ? LinkCloseReason.Remote : LinkCloseReason.Reset);
                return ReceiveOutcome.Over;
            }
            long payloadBefore = reader.PayloadBytes;
            if (!Take(count))
                return ReceiveOutcome.Over;
            Settle((int)(reader.PayloadBytes - payloadBefore));
            if (parts.Reporter.IsFull)
                _wait = OwnerPause;
            if (_wait > TimeSpan.Zero)
                return ReceiveOutcome.Wait;
            if (count < buffer.Length)
                return ReceiveOutcome.Drained;
        }
        return ReceiveOutcome.More;
    }

    // Who owes us nothing need not wait for a limit on payload; what it sends all the same is paid for afterwards.
    private bool NeedsLeave() => _leave == 0 && throttle.IsLimited && parts.Leases.Outstanding > 0 && socket.Available > 0;

    private void Settle(int payload)
    {
        if (_leave > 0)
            throttle.Return(Math.Max(0, _leave - payload));
        else if (payload > 0)
            _wait = throttle.Draw(payload);
        _leave = 0;
    }

    private bool Take(int count)
    {
        bool isFine = reader.Advance(count, out WireError error);
        Volatile.Write(ref _receivedBytes, _receivedBytes + count);
        Volatile.Write(ref _receivedPayloadBytes, reader.PayloadBytes);
        _bytesThisSecond = _clock.Received(count, reader.IsMidMessage, reader.MessageCount);
        if (inbox.EndReceive())
            SendReplies();
        if (isFine)
            return !_life.IsClosed;
        LinkLog.BrokeProtocol(host.Log, link.Id, link.Remote, error);
        _life.Close(LinkCloseReason.ProtocolError);
        return false;
    }

    // A thread that receives in blocks should not read files for the peer's requests.
    private void SendReplies() => parts.Sender.FlushSoon();

    private bool IsBusy()
        => _bytesThisSecond >= Limits.BusyBytesPerSecond && parts.Leases.Outstanding > 0 && !throttle.IsLimited;

    private void Fail(Exception exception)
    {
        if (exception is SocketException or ObjectDisposedException)
        {
            _life.Close(LinkCloseReason.Reset);
            return;
        }
        LinkLog.Failed(host.Log, link.Id, link.Remote, exception);
        _life.Close(LinkCloseReason.Failed);
    }
}
