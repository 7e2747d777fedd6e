using System.Buffers;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Peers;

/// <summary>One conversation of a scripted peer.</summary>
internal sealed class RawTalk(World world, RawMood mood, Handshake ours, Torrent torrent) : ISocketUser, IPeerReaderSink
{
    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan s_alive = TimeSpan.FromSeconds(100);

    private readonly List<byte> _early = [];
    private readonly ArrayBufferWriter<byte> _out = new();
    private SimSocket? _socket;
    private PeerReader? _reader;
    private bool _isOpening, _isTrickling;
    private int _named;

    public bool IsOpen => _socket is { IsOpen: true };

    public void Attach(SimSocket socket) => _socket = socket;

    public void Connected(SimSocket socket)
    {
        _socket = socket;
        SendHandshake();
    }

    public void Refused()
    {
    }

    public void Drained()
    {
    }

    public void Ended(bool isReset) => _socket = null;

    public void Received(ReadOnlyMemory<byte> bytes)
    {
        if (_reader is not null)
        {
            Read(bytes.Span);
            return;
        }
        _early.AddRange(bytes.Span);
        if (_early.Count < Handshake.Length)
            return;
        if (!_isOpening)
            SendHandshake();
        _reader = new PeerReader(this, useFast: true);
        byte[] rest = [.. _early.Skip(Handshake.Length)];
        if (mood is not (RawMood.SlowHandshake or RawMood.SlowMessage))
            Greet();
        Read(rest);
    }

    public void OnMessage(in PeerMessage message)
    {
        if (message.Kind == PeerMessageKind.Request)
            Answer(message.Block);
        Flush();
    }

    public bool TryOpenBlock(in BlockAddress block, out Memory<byte> destination)
    {
        destination = default;
        return false;
    }

    public void OnBlock(in BlockAddress block, bool isUsed)
    {
    }

    private void Read(ReadOnlySpan<byte> bytes)
    {
        if (!_reader!.Receive(bytes, out _))
            _socket?.Close(isReset: true);
    }

    private void SendHandshake()
    {
        _isOpening = true;
        byte[] bytes = new byte[Handshake.Length];
        ours.Write(bytes);
        if (mood == RawMood.SlowHandshake)
        {
            Trickle(bytes, 0);
            return;
        }
        _socket?.Send(bytes);
        if (mood == RawMood.SlowMessage)
            Trickle([0, 0, 0, 200, 99, .. new byte[199]], 0);
    }

    private void Trickle(byte[] bytes, int at)
    {
        if (_socket is not { IsOpen: true } || at == bytes.Length)
            return;
        _socket.Send(bytes.AsMemory(at, 1));
        world.After(s_slow, () => Trickle(bytes, at + 1));
    }

    private void Greet()
    {
        if (mood == RawMood.Noise)
        {
            byte[] noise = new byte[200];
            world.Random.NextBytes(noise);
            _socket?.Send(noise);
            return;
        }
        bool hasNone = mood is RawMood.Flooder or RawMood.LyingHave or RawMood.Idle or RawMood.IdleInterested;
        Say(new PeerMessage(hasNone ? PeerMessageKind.HaveNone : PeerMessageKind.HaveAll));
        if (mood is not (RawMood.Idle or RawMood.IdleInterested or RawMood.Choking))
            Say(new PeerMessage(PeerMessageKind.Unchoke));
        else
            world.After(s_alive, KeepAlive);
        if (mood is RawMood.Flooder or RawMood.IdleInterested)
            Say(new PeerMessage(PeerMessageKind.Interested));
        if (mood == RawMood.Flooder)
            Flood();
        Flush();
        if (mood is RawMood.LyingHave or RawMood.LyingSuggest)
            Chatter();
    }

    private void Answer(in BlockAddress block)
    {
        switch (mood)
        {
            case RawMood.Stale:
                Say(PeerMessage.Reject(block));
                break;
            case RawMood.LyingReject:
                Say(PeerMessage.Reject(block));
                for (int i = 0; i < 4; i++)
                    Say(PeerMessage.Reject(block with { Piece = world.Random.Next(torrent.PieceCount) }));
                break;
            case RawMood.Liar:
                Lie(block);
                break;
            case RawMood.SlowBody when !_isTrickling:
                _isTrickling = true;
                byte[] head = new byte[PeerWriter.PieceHeadLength];
                PeerWriter.WritePieceHead(block, head);
                Trickle([.. head, .. new byte[block.Length]], 0);
                break;
        }
    }

    /// <summary>Says just enough for the link not to be cut for its silence.</summary>
    private void KeepAlive()
    {
        if (_socket is not { IsOpen: true })
            return;
        Say(new PeerMessage(PeerMessageKind.KeepAlive));
        Flush();
        world.After(s_alive, KeepAlive);
    }

    /// <summary>A few words that name pieces, again and again.</summary>
    private void Chatter()
    {
        if (_socket is not { IsOpen: true })
            return;
        for (int i = 0; i < 10; i++)
        {
            if (mood == RawMood.LyingHave)
                Say(PeerMessage.Have(_named++ % torrent.PieceCount));
            else
                Say(_named++ % 2 == 0 ? new PeerMessage(PeerMessageKind.Suggest, new BlockAddress(world.Random.Next(torrent.PieceCount), 0, 0)) : PeerMessage.AllowedFast(world.Random.Next(torrent.PieceCount)));
        }
        Flush();
        world.After(TimeSpan.FromMilliseconds(200), Chatter);
    }

    private void Flood()
    {
        if (_socket is not { IsOpen: true })
            return;
        for (int i = 0; i < 2_500; i++)
            Say(PeerMessage.Request(new BlockAddress(world.Random.Next(torrent.PieceCount), 0, BlockAddress.Size)));
        Flush();
        world.After(TimeSpan.FromSeconds(2), Flood);
    }

    private void Lie(in BlockAddress block)
    {
        int piece = world.Random.Next(torrent.PieceCount);
        switch (world.Random.Next(7))
        {
            case 0:
                Say(PeerMessage.Have(piece));
                break;
            case 1:
                Say(PeerMessage.Reject(block));
                break;
            case 2:
                Say(new PeerMessage(PeerMessageKind.Choke));
                world.After(TimeSpan.FromMilliseconds(300), () =>
                {
                    Say(new PeerMessage(PeerMessageKind.Unchoke));
                    Flush();
                });
                break;
            case 3:
                Say(new PeerMessage(PeerMessageKind.Suggest, new BlockAddress(piece, 0, 0)));
                break;
            case 4:
                Say(PeerMessage.AllowedFast(piece));
                break;
            case 5:
                SendBlock(block with { Piece = piece });
                break;
            default:
                Say(PeerMessage.Reject(block with { Piece = piece }));
                break;
        }
    }

    private void SendBlock(in BlockAddress block)
    {
        Span<byte> span = _out.GetSpan(PeerWriter.PieceHeadLength + block.Length)[..(PeerWriter.PieceHeadLength + block.Length)];
        PeerWriter.WritePieceHead(block, span);
        world.Random.NextBytes(span[PeerWriter.PieceHeadLength..]);
        _out.Advance(span.Length);
    }

    private void Say(in PeerMessage message) => PeerWriter.Write(message, _out);

    private void Flush()
    {
        if (_out.WrittenCount == 0)
            return;
        _socket?.Send(_out.WrittenSpan.ToArray());
        _out.ResetWrittenCount();
    }
}
