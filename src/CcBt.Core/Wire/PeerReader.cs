using System.Buffers.Binary;

namespace CcBt.Core.Wire;

/// <summary>
/// Decodes the stream behind the handshake, however it is cut:
/// <code>
/// | length 4 | id 1 | body length-1 |        length 0: keep-alive
/// piece body: | index 4 | begin 4 | payload |
/// </code>
/// A block's payload goes straight to its destination; it is never gathered here. One thread at a time feeds it;
/// <see cref="SetPieceCount"/> may come from another.
/// </summary>
internal sealed class PeerReader(IPeerReaderSink sink, bool useFast)
{
    // Less than this is copied from the scratch buffer: a system call of its own would cost more.
    private const int LeastDirect = 4 << 10;
    private const int PrefixLength = 5;
    private const int PieceHeadLength = 8;
    private const int MostFixedLength = 12;

    private readonly byte[] _head = new byte[PrefixLength + MostFixedLength];
    private int _headFilled;
    private int _headNeeded = 4;
    private PeerReaderStage _stage;
    private PeerMessageKind _kind;
    private int _length;
    private byte _extendedId;
    private byte[] _body = [];
    private int _bodyFilled;
    private int _missing;
    private BlockAddress _block;
    private Memory<byte> _destination;
    private bool _isBlockUsed;
    private Memory<byte> _lent;
    private bool _isLentDirect;
    private bool _isStreamAhead = true;
    private volatile int _pieceCount = -1;
    private WireError _error;

    /// <summary>Whether a message, or its length, has come in part.</summary>
    public bool IsMidMessage => _headFilled > 0;

    /// <summary>Messages, pieces and keep-alives that came in whole.</summary>
    public long MessageCount { get; private set; }

    /// <summary>Payload bytes of pieces so far, skipped ones included.</summary>
    public long PayloadBytes { get; private set; }

    /// <summary>The torrent's piece count: bitfields and indexes must fit it from now on.</summary>
    public void SetPieceCount(int pieceCount) => _pieceCount = pieceCount;

    /// <summary>
    /// Where the next bytes may be received: the destination of the block under way when much of it is missing and the stream is
    /// not ahead of the reader, else <paramref name="scratch"/>. <see cref="Advance"/> must follow before the next call.
    /// </summary>
    public Memory<byte> GetBuffer(Memory<byte> scratch)
    {
        _isLentDirect = _stage == PeerReaderStage.Payload && _isBlockUsed && _missing >= LeastDirect && !_isStreamAhead;
        _lent = _isLentDirect ? _destination[^_missing..] : scratch;
        return _lent;
    }

    /// <summary>Takes <paramref name="count"/> bytes that were received into the buffer. False when the peer broke the protocol.</summary>
    public bool Advance(int count, out WireError error)
    {
        // A receive that filled its buffer says that more is waiting: a large read then saves more than a copy costs.
        _isStreamAhead = count == _lent.Length;
        if (!_isLentDirect)
            return Receive(_lent.Span[..count], out error);
        PayloadArrived(count);
        error = _error;
        return !error.IsError;
    }

    /// <summary>Decodes the next bytes of the stream. False when the peer broke the protocol; nothing more is decoded then.</summary>
    public bool Receive(ReadOnlySpan<byte> bytes, out WireError error)
    {
        while (bytes.Length > 0 && !_error.IsError)
        {
            int used = _stage switch
            {
                PeerReaderStage.Payload => ReceivePayload(bytes),
                PeerReaderStage.Body => ReceiveBody(bytes),
                PeerReaderStage.Skipped => ReceiveSkipped(bytes),
                _ => ReceiveHead(bytes),
            };
            bytes = bytes[used..];
        }
        error = _error;
        return !error.IsError;
    }

    private int ReceiveHead(ReadOnlySpan<byte> bytes)
    {
        int used = Math.Min(_headNeeded - _headFilled, bytes.Length);
        bytes[..used].CopyTo(_head.AsSpan(_headFilled));
        _headFilled += used;
        if (_headFilled < _headNeeded)
            return used;
        switch (_stage)
        {
            case PeerReaderStage.Length:
                BeginMessage();
                break;
            case PeerReaderStage.Id:
                BeginKind();
                break;
            case PeerReaderStage.ExtendedId:
                BeginExtended();
                break;
            case PeerReaderStage.PieceHead:
                BeginPiece();
                break;
            default:
                EndFixed();
                break;
        }
        return used;
    }

    private void BeginMessage()
    {
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_head);
        if (length == 0)
        {
            EndMessage(new PeerMessage(PeerMessageKind.KeepAlive));
            return;
        }
        if (length > Limits.ExtendedMessageBytes + 2)
        {
            Fail(WireErrorCode.TooLong, PeerMessageKind.KeepAlive, length);
            return;
        }
        _length = (int)length;
        NeedHead(PeerReaderStage.Id, 1);
    }

    private void BeginKind()
    {
        _kind = (PeerMessageKind)_head[4];
        int body = _length - 1;
        WireErrorCode code = PeerMessageLengths.Check(_kind, body, _pieceCount, useFast);
        if (code != WireErrorCode.None)
        {
            Fail(code, _kind, _length);
            return;
        }
        if (_kind == PeerMessageKind.Piece)
            NeedHead(PeerReaderStage.PieceHead, PieceHeadLength);
        else if (_kind == PeerMessageKind.Extended)
            NeedHead(PeerReaderStage.ExtendedId, 1);
        else if (_kind == PeerMessageKind.Bitfield)
            BeginBody(body);
        else if (!PeerMessageLengths.IsFixed(_kind))
            BeginSkipped(body);
        else if (body == 0)
            EndFixed();
        else
            NeedHead(PeerReaderStage.Fixed, body);
    }

    private void BeginExtended()
    {
        _extendedId = _head[PrefixLength];
        int body = _length - 2;
        int most = _extendedId == ExtensionIds.Metadata ? Limits.ExtendedMessageBytes : Limits.PlainExtendedMessageBytes;
        if (body > most)
            Fail(WireErrorCode.TooLong, _kind, body);
        else if (ExtensionIds.IsKnown(_extendedId))
            BeginBody(body);
        else
            BeginSkipped(body);
    }

    private void BeginBody(int length)
    {
        _stage = PeerReaderStage.Body;
        _missing = length;
        _bodyFilled = 0;
        _body = [];
        if (length == 0)
            EndBody();
    }

    private void BeginSkipped(int length)
    {
        _stage = PeerReaderStage.Skipped;
        _missing = length;
        if (length == 0)
            EndSkipped();
    }

    private void BeginPiece()
    {
        int length = _length - 1 - PieceHeadLength;
        _block = new BlockAddress(ReadInt(PrefixLength), ReadInt(PrefixLength + 4), length);
        if (_block.Begin < 0 || !IsPiece(_block.Piece))
        {
            Fail(WireErrorCode.PieceOutOfRange, _kind, (uint)_block.Piece);
            return;
        }
        _isBlockUsed = sink.TryOpenBlock(_block, out _destination);
        _stage = PeerReaderStage.Payload;
        _missing = length;
    }

    private void EndFixed()
    {
        int body = _length - 1;
        PeerMessage message = body switch
        {
            0 => new PeerMessage(_kind),
            2 => PeerMessage.Port(BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(PrefixLength))),
            4 => new PeerMessage(_kind, new BlockAddress(ReadInt(PrefixLength), 0, 0)),
            _ => new PeerMessage(_kind, new BlockAddress(ReadInt(PrefixLength), ReadInt(PrefixLength + 4), ReadInt(PrefixLength + 8))),
        };
        // A request for a piece out of range is counted where it is served; it does not end the link by itself.
        bool mustBePiece = _kind is PeerMessageKind.Have or PeerMessageKind.Suggest or PeerMessageKind.AllowedFast;
        if (mustBePiece && !IsPiece(message.Index))
            Fail(WireErrorCode.PieceOutOfRange, _kind, (uint)message.Index);
        else
            EndMessage(message);
    }

    private int ReceivePayload(ReadOnlySpan<byte> bytes)
    {
        int used = Math.Min(_missing, bytes.Length);
        if (_isBlockUsed)
            bytes[..used].CopyTo(_destination.Span[^_missing..]);
        PayloadArrived(used);
        return used;
    }

    private void PayloadArrived(int count)
    {
        PayloadBytes += count;
        _missing -= count;
        if (_missing > 0)
            return;
        _destination = default;
        MessageCount++;
        NextMessage();
        sink.OnBlock(_block, _isBlockUsed);
    }

    private int ReceiveBody(ReadOnlySpan<byte> bytes)
    {
        int used = Math.Min(_missing, bytes.Length);
        GrowBody(used);
        bytes[..used].CopyTo(_body.AsSpan(_bodyFilled));
        _bodyFilled += used;
        _missing -= used;
        if (_missing == 0)
            EndBody();
        return used;
    }

    private void GrowBody(int more)
    {
        int needed = _bodyFilled + more;
        if (needed <= _body.Length)
            return;
        int room = Math.Max(needed, Math.Max(Limits.FirstMessageBufferBytes, _body.Length * 2));
        Array.Resize(ref _body, Math.Min(room, _bodyFilled + _missing));
    }

    private void EndBody()
    {
        byte[] body = _body;
        _body = [];
        if (_kind == PeerMessageKind.Bitfield)
        {
            if (_pieceCount >= 0 && HasSpareBits(body, _pieceCount))
                Fail(WireErrorCode.SpareBits, _kind, body[^1]);
            else
                EndMessage(PeerMessage.Bitfield(body));
            return;
        }
        EndMessage(PeerMessage.Extended(_extendedId, body));
    }

    private int ReceiveSkipped(ReadOnlySpan<byte> bytes)
    {
        int used = Math.Min(_missing, bytes.Length);
        _missing -= used;
        if (_missing == 0)
            EndSkipped();
        return used;
    }

    private void EndSkipped()
    {
        MessageCount++;
        NextMessage();
    }

    private void EndMessage(in PeerMessage message)
    {
        MessageCount++;
        NextMessage();
        sink.OnMessage(message);
    }

    private void NextMessage()
    {
        _stage = PeerReaderStage.Length;
        _headFilled = 0;
        _headNeeded = 4;
    }

    private void NeedHead(PeerReaderStage stage, int more)
    {
        _stage = stage;
        _headNeeded = _headFilled + more;
    }

    private bool IsPiece(int index) => index >= 0 && index < (_pieceCount >= 0 ? _pieceCount : Limits.BitfieldBytes * 8);

    private int ReadInt(int at) => BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(at));

    private void Fail(WireErrorCode code, PeerMessageKind kind, long detail) => _error = new WireError(code, kind, detail);

    private static bool HasSpareBits(byte[] bitfield, int pieceCount)
    {
        int spare = bitfield.Length * 8 - pieceCount;
        return spare > 0 && (bitfield[^1] & ((1 << spare) - 1)) != 0;
    }
}
