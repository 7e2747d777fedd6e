using System.Buffers;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Clients;

/// <summary>The sending half of a simulated link: control messages first, then a run of blocks, one send at a time, paced by the token buckets.</summary>
internal sealed class SimSender(World world, LinkLife life, LinkClock clock, UploadQueue uploads) : IMessageQueue
{
    private readonly List<BlockAddress> _run = [];
    private readonly SendPace _pace = new();
    private readonly ArrayBufferWriter<byte> _queued = new();
    private SimSocket? _socket;
    private LinkThrottle _throttle = LinkThrottle.None;
    private bool _useFast;
    private bool _isPlanned;
    private TimeSpan? _runBegan;
    private TimeSpan _notBefore;

    public long SentBytes { get; private set; }

    public long SentPayloadBytes { get; private set; }

    public void Begin(SimSocket socket, LinkThrottle throttle, bool useFast, ReadOnlySpan<byte> opening)
    {
        byte[] rest = _queued.WrittenSpan.ToArray();
        _queued.ResetWrittenCount();
        _queued.Write(opening);
        _queued.Write(rest);
        _throttle = throttle;
        _useFast = useFast;
        _socket = socket;
        FlushSoon();
    }

    public void Enqueue(in PeerMessage message)
    {
        if (_queued.WrittenCount + PeerWriter.LengthOf(message) <= (message.Payload.IsEmpty ? Limits.SendQueueBytes : Limits.SendPayloadQueueBytes))
            PeerWriter.Write(message, _queued);
        else
            life.Close(LinkCloseReason.MessageTimeout);
    }

    public void FlushSoon()
    {
        if (_isPlanned || _socket is null)
            return;
        _isPlanned = true;
        world.After(TimeSpan.FromMicroseconds(10 + world.Random.Next(40)), () =>
        {
            _isPlanned = false;
            Pump();
        });
    }

    /// <summary>Sends what there is as far as the socket takes it.</summary>
    public void Pump()
    {
        if (_socket is not { CanSend: true } socket || life.IsClosed)
            return;
        if (_queued.WrittenCount > 0)
        {
            Send(socket, _queued.WrittenSpan.ToArray());
            _queued.ResetWrittenCount();
        }
        else if (uploads.Count > 0 && world.Now >= _notBefore)
        {
            Serve(socket);
        }
    }

    public void Drained()
    {
        clock.Sent();
        if (_runBegan is { } began && _socket is { Backlog: 0 })
        {
            _pace.Sent(world.Now - began);
            _runBegan = null;
        }
        Pump();
    }

    private void Serve(SimSocket socket)
    {
        _run.Clear();
        if (uploads.TakeRun(_run, _throttle.Quantum(_pace.RunBytes)) is not { } source)
            return;
        byte[] buffer = new byte[_run.Sum(static b => PeerWriter.PieceHeadLength + b.Length)];
        int length = 0, payload = 0;
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
        SentPayloadBytes += payload;
        TimeSpan wait = _throttle.Draw(length);
        if (wait > TimeSpan.Zero)
        {
            _notBefore = world.Now + wait;
            world.At(_notBefore, () => SendRun(socket, buffer.AsMemory(0, length)));
        }
        else
        {
            SendRun(socket, buffer.AsMemory(0, length));
        }
        FlushSoon();
    }

    private void SendRun(SimSocket socket, ReadOnlyMemory<byte> bytes)
    {
        _runBegan = world.Now;
        Send(socket, bytes);
    }

    private void Send(SimSocket socket, ReadOnlyMemory<byte> bytes)
    {
        if (life.IsClosed || bytes.Length == 0)
            return;
        clock.SendBegins();
        SentBytes += bytes.Length;
        socket.Send(bytes);
    }
}
