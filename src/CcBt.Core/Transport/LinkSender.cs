using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>
/// Sends what a link has to say, one send at a time: control messages that were queued together leave together and go before the
/// next run of blocks. Thread-safe.
/// </summary>
internal sealed class LinkSender(TcpPeerLink link, LinkLife life, LinkClock clock, UploadQueue uploads, LinkHost host) : IMessageQueue
{
    private const int MostKept = 16 << 10;
    private const int TightUnsentBytes = 32 << 10;
    private const int TcpLevel = 6;
    private const int TcpNotSentLowWater = 25;
    private const int RunBufferLength = Limits.BlocksPerSend * (PeerWriter.PieceHeadLength + BlockAddress.Size);

    private readonly object _gate = new();
    private readonly SendPace _pace = new();
    private readonly List<BlockAddress> _run = [];
    private ArrayBufferWriter<byte> _queued = new();
    private ArrayBufferWriter<byte>? _spare;
    private Socket? _socket;
    private SocketWait? _wait;
    private LinkThrottle _throttle = LinkThrottle.None;
    private bool _useFast;
    private bool _isPumping;
    private bool _isTight;
    private int _leaving;
    private long _sentBytes;
    private long _sentPayloadBytes;

    public long SentBytes => Volatile.Read(ref _sentBytes);

    public long SentPayloadBytes => Volatile.Read(ref _sentPayloadBytes);

    /// <summary>Lets messages flow; <paramref name="opening"/> goes before all that was queued until now.</summary>
    public void Begin(Socket socket, LinkThrottle throttle, bool useFast, ReadOnlySpan<byte> opening)
    {
        lock (_gate)
        {
            _throttle = throttle;
            _useFast = useFast;
            if (opening.Length > 0)
            {
                ArrayBufferWriter<byte> rest = _queued;
                _queued = new ArrayBufferWriter<byte>();
                _queued.Write(opening);
                _queued.Write(rest.WrittenSpan);
            }
            _socket = socket;
        }
        FlushSoon();
    }

    /// <summary>Queues a message; it leaves with the next flush. A peer that lets too much gather is let go.</summary>
    public void Enqueue(in PeerMessage message)
    {
        lock (_gate)
        {
            int most = message.Payload.IsEmpty ? Limits.SendQueueBytes : Limits.SendPayloadQueueBytes;
            if (_leaving + _queued.WrittenCount + PeerWriter.LengthOf(message) <= most)
            {
                PeerWriter.Write(message, _queued);
                return;
            }
        }
        life.Close(LinkCloseReason.MessageTimeout);
    }

    /// <summary>Sends on the calling thread as far as that goes without waiting and without reading blocks; the rest follows.</summary>
    public void Flush()
    {
        if (TryBeginPump())
            _ = PumpAsync(isCallers: true);
    }

    /// <summary>Sends soon, on the thread pool: what is queued until then leaves in one send.</summary>
    public void FlushSoon()
    {
        if (TryBeginPump())
            ThreadPool.UnsafeQueueUserWorkItem(static sender => _ = sender.PumpAsync(isCallers: false), this, preferLocal: false);
    }

    /// <summary>The link is over, and nobody sends any more.</summary>
    public void Release() => _wait?.Dispose();

    private bool TryBeginPump()
    {
        lock (_gate)
        {
            if (_isPumping || _socket is null || !life.TryEnter())
                return false;
            _isPumping = true;
            return true;
        }
    }

    private async Task PumpAsync(bool isCallers)
    {
        try
        {
            while (TryTakeWork(out ArrayBufferWriter<byte>? control))
            {
                if (control is not null)
                {
                    // Limits are on payload: requests and handshakes neither queue behind a tight one nor use it up.
                    if (!await SendAsync(control.WrittenMemory).ConfigureAwait(false))
                        return;
                    Recycle(control);
                }
                if (uploads.Count == 0)
                    continue;
                if (isCallers)
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                isCallers = false;
                await ServeAsync().ConfigureAwait(false);
            }
        }
        catch (ObjectDisposedException)
        {
            life.Close(LinkCloseReason.Reset);
        }
        catch (Exception exception)
        {
            LinkLog.Failed(host.Log, link.Id, link.Remote, exception);
            life.Close(LinkCloseReason.Failed);
        }
        finally
        {
            life.Leave();
        }
    }

    private bool TryTakeWork(out ArrayBufferWriter<byte>? control)
    {
        control = null;
        lock (_gate)
        {
            if (life.IsClosed)
                return false;
            if (_queued.WrittenCount > 0)
            {
                control = _queued;
                _leaving = control.WrittenCount;
                _queued = _spare ?? new ArrayBufferWriter<byte>();
                _spare = null;
                return true;
            }
            // Whoever adds a request afterwards finds no pump and begins one.
            return _isPumping = uploads.Count > 0;
        }
    }

    private void Recycle(ArrayBufferWriter<byte> control)
    {
        control.ResetWrittenCount();
        lock (_gate)
        {
            _leaving = 0;
            if (control.Capacity > MostKept)
                _spare = null;
            else if (_queued.Capacity > 0)
                _spare = control;
            else
                // Nothing came during the send: one buffer is enough for a link that says little.
                (_spare, _queued) = (_queued, control);
        }
    }

    private async ValueTask ServeAsync()
    {
        _run.Clear();
        if (uploads.TakeRun(_run, _throttle.Quantum(_pace.RunBytes)) is not { } source)
            return;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(RunBufferLength);
        try
        {
            int payload = 0;
            int length = Read(source, buffer, ref payload);
            if (await SendPacedAsync(buffer.AsMemory(0, length)).ConfigureAwait(false))
                Volatile.Write(ref _sentPayloadBytes, _sentPayloadBytes + payload);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int Read(IBlockSource source, byte[] buffer, ref int payload)
    {
        int length = 0;
        foreach (BlockAddress block in _run)
        {
            if (source.TryRead(block, buffer.AsSpan(length + PeerWriter.PieceHeadLength, block.Length)))
            {
                PeerWriter.WritePieceHead(block, buffer.AsSpan(length));
                length += PeerWriter.PieceHeadLength + block.Length;
                payload += block.Length;
            }
            else if (_useFast)
            {
                Enqueue(PeerMessage.Reject(block));
            }
        }
        return length;
    }

    private async ValueTask<bool> SendPacedAsync(ReadOnlyMemory<byte> bytes)
    {
        TimeSpan took = TimeSpan.Zero;
        while (bytes.Length > 0)
        {
            int quantum = await _throttle.AcquireAsync(bytes.Length, life, host.Time).ConfigureAwait(false);
            long begin = host.Time.GetTimestamp();
            if (quantum == 0 || !await SendAsync(bytes[..quantum]).ConfigureAwait(false))
                return false;
            took += host.Time.GetElapsedTime(begin);
            bytes = bytes[quantum..];
        }
        _pace.Sent(took);
        if (_isTight != _pace.IsSlow)
            SetUnsent(_isTight = _pace.IsSlow);
        return true;
    }

    // A slow line's blocks should wait here, where requests go before them, and not in the system's buffer, which may hold megabytes.
    private void SetUnsent(bool isTight)
    {
        if (!OperatingSystem.IsLinux())
            return;
        Span<byte> value = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(value, isTight ? TightUnsentBytes : 0);
        try
        {
            _socket!.SetRawSocketOption(TcpLevel, TcpNotSentLowWater, value);
        }
        catch (SocketException)
        {
            // A system without the option sends as it always did.
        }
    }

    // False when the link is over.
    private async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            clock.SendBegins();
            // A send that would block has taken a part all the same.
            int sent = _socket!.Send(bytes.Span, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                _wait ??= new SocketWait();
                error = await _wait.SendAsync(_socket, bytes[sent..]).ConfigureAwait(false);
                sent += _wait.BytesTransferred;
            }
            if (error != SocketError.Success)
            {
                life.Close(LinkCloseReason.Reset);
                return false;
            }
            clock.Sent();
            Volatile.Write(ref _sentBytes, _sentBytes + sent);
            bytes = bytes[sent..];
        }
        return true;
    }
}
