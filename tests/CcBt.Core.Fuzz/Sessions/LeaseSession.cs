using System.Buffers;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Sessions;

/// <summary>A link's reader over its leases: blocks come leased, unleased, twice, cut short, and are cancelled under way.</summary>
internal sealed class LeaseSession : IPeerReaderSink
{
    private const int Link = 7;
    private const int PieceCount = 20;
    private readonly Script _script;
    private readonly Meter _meter;
    private readonly LeaseTable _leases = new(Link);
    private readonly ClaimBook _claims = new();
    private readonly PeerReader _reader;
    private readonly HashSet<BlockAddress> _leased = [];
    private BlockAddress? _receiving;
    private ReadOnlyMemory<byte> _stream;

    private LeaseSession(Script script, Meter meter)
    {
        _script = script;
        _meter = meter;
        _reader = new PeerReader(this, useFast: true);
        _reader.SetPieceCount(PieceCount);
    }

    public static void Play(Script script, Meter meter)
    {
        var session = new LeaseSession(script, meter);
        while (!script.IsOver)
        {
            session.Act(script.Choice(10));
            FuzzFailure.When(session._leases.Outstanding != session._leased.Count, $"{session._leases.Outstanding} leases are open, and {session._leased.Count} were given.");
        }
        session._leases.GiveUp();
        FuzzFailure.When(session._leases.Outstanding != 0 || session._leases.TryAdd(new BlockLease(new BlockAddress(0, 0, 1), session._claims)), "A lease outlives its link.");
        session._claims.VerifyOver();
    }

    public void OnMessage(in PeerMessage message)
    {
    }

    public bool TryOpenBlock(in BlockAddress block, out Memory<byte> destination)
    {
        _receiving = block;
        bool isOpen = _leases.TryOpen(block, out destination);
        FuzzFailure.When(isOpen && !_leased.Contains(block), $"{block} was opened without a lease.");
        FuzzFailure.When(isOpen && destination.Length != block.Length, $"{block} has a destination of {destination.Length} bytes.");
        return isOpen;
    }

    public void OnBlock(in BlockAddress block, bool isUsed)
    {
        _receiving = null;
        _leased.Remove(block);
        _leases.End(block);
    }

    private void Act(int choice)
    {
        var block = new BlockAddress(_script.Choice(4), _script.Choice(3) * BlockAddress.Size, _script.Chance(70) ? 500 : 1 + _script.Choice(256));
        switch (choice)
        {
            case 0 or 1 or 2:
                if (_leases.TryAdd(new BlockLease(block, _claims)))
                    FuzzFailure.When(!_leased.Add(block), "A lease was given twice.");
                break;
            case 3:
                if (_leases.TryCancel(block))
                    FuzzFailure.When(_receiving == block || !_leased.Remove(block), "What is being received was cancelled.");
                break;
            case 4:
                _leases.Reject(block);
                _leased.Remove(block);
                break;
            case 5 when _script.Chance(20):
                _leases.Void();
                _leased.Clear();
                _leases.Restore();
                break;
            case 6:
                _leases.SetMark(_script.Choice(4));
                FuzzFailure.When(_leases.TakeMark() && _leases.TakeMark() && _leased.Count > 0, "A mark is told twice.");
                break;
            case 7:
                _claims.Toggle(block);
                break;
            default:
                Feed(block);
                break;
        }
    }

    /// <summary>Goes on with the message under way, by a part or to its end, or begins one.</summary>
    private void Feed(BlockAddress block)
    {
        if (_stream.IsEmpty)
            _stream = Message(block);
        ReadOnlyMemory<byte> part = _stream[..Math.Min(_stream.Length, 1 + _script.Choice(256) * 3)];
        _stream = _stream[part.Length..];
        _meter.Start();
        bool isGood = _reader.Receive(part.Span, out WireError error);
        _meter.Stop(part.Length);
        FuzzFailure.When(!isGood, $"A good stream was refused: {error}.");
    }

    private byte[] Message(BlockAddress block)
    {
        var stream = new ArrayBufferWriter<byte>();
        PeerWriter.WritePieceHead(block, stream.GetSpan(PeerWriter.PieceHeadLength));
        stream.Advance(PeerWriter.PieceHeadLength);
        stream.Write(ClaimBook.Content(block));
        if (_script.Chance(30))
            PeerWriter.Write(PeerMessage.Have(_script.Random.Next(PieceCount)), stream);
        return stream.WrittenSpan.ToArray();
    }
}
