using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>
/// Which pieces a peer has said to have. Before the piece count is known, claims are kept within bounds and
/// read by <see cref="TryArm"/>. A peer that had everything from the start needs no set.
/// </summary>
internal sealed class PeerPieces
{
    private PieceSet? _set;
    private bool _whole;
    private bool _told;
    private int _lateBitfields;
    private int _pieceCount = -1;
    private ReadOnlyMemory<byte> _earlyBits;
    private HashSet<int>? _earlyHaves;

    public bool IsArmed => _pieceCount >= 0;

    /// <summary>It said to have everything; it is counted as a seed and not piece by piece.</summary>
    public bool IsWhole => _whole;

    public bool IsFull => _whole || (_pieceCount > 0 && _set is { IsFull: true });

    /// <summary>The set; null when the peer has all or none.</summary>
    public PieceSet? Set => _set;

    public bool this[int piece] => _whole || (_set is { } set && set[piece]);

    /// <summary>Reads what was kept so far now that the piece count is known; false when it does not fit the torrent.</summary>
    public bool TryArm(int pieceCount)
    {
        _pieceCount = pieceCount;
        if (!_earlyBits.IsEmpty && !TryReadBits(_earlyBits.Span))
            return false;
        if (_earlyHaves is not null && !_whole)
        {
            foreach (int piece in _earlyHaves)
            {
                if (piece >= pieceCount)
                {
                    _set = null;
                    return false;
                }
                (_set ??= new PieceSet(pieceCount)).Add(piece);
            }
        }
        _earlyBits = default;
        _earlyHaves = null;
        return true;
    }

    /// <summary>
    /// Takes a bitfield. By BEP 3 it comes once and first, but aria2 sends another one in place of many haves; it adds to what is known.
    /// </summary>
    public SwarmError SetBits(ReadOnlyMemory<byte> bitfield)
    {
        if (_told && ++_lateBitfields > Limits.LateBitfields)
            return SwarmError.SecondBitfield;
        _told = true;
        if (_whole)
            return SwarmError.None;
        if (IsArmed)
            return TryReadBits(bitfield.Span) ? SwarmError.None : SwarmError.BadBitfield;
        if (bitfield.Length > Limits.EarlyBitfieldBytes || (!_earlyBits.IsEmpty && _earlyBits.Length != bitfield.Length))
            return SwarmError.BadBitfield;
        byte[] bits = bitfield.ToArray();
        for (int i = 0; i < _earlyBits.Length; i++)
            bits[i] |= _earlyBits.Span[i];
        _earlyBits = bits;
        return SwarmError.None;
    }

    public SwarmError SetAll()
    {
        if (_told)
            return SwarmError.SecondBitfield;
        _told = true;
        _whole = true;
        _set = null;
        return SwarmError.None;
    }

    /// <summary>It has said once what it has.</summary>
    public bool IsTold => _told;

    public SwarmError SetNone()
    {
        if (_told)
            return SwarmError.SecondBitfield;
        _told = true;
        return SwarmError.None;
    }

    /// <summary>Takes one piece; <paramref name="isNews"/> when it was not known and the torrent is armed.</summary>
    public SwarmError Add(int piece, out bool isNews)
    {
        isNews = false;
        if (!IsArmed)
        {
            if ((uint)piece >= Limits.EarlyBitfieldBytes * 8)
                return SwarmError.IndexOutOfRange;
            _earlyHaves ??= [];
            if (_earlyHaves.Count < Limits.EarlyHaves)
                _earlyHaves.Add(piece);
            return SwarmError.None;
        }
        if ((uint)piece >= (uint)_pieceCount)
            return SwarmError.IndexOutOfRange;
        if (!_whole)
            isNews = (_set ??= new PieceSet(_pieceCount)).Add(piece);
        return SwarmError.None;
    }

    private bool TryReadBits(ReadOnlySpan<byte> bitfield)
    {
        if (!PieceSet.TryRead(bitfield, _pieceCount, out PieceSet read))
            return false;
        if (_set is { } had)
        {
            // Haves that overtook the bitfield stay true.
            for (int piece = PieceBits.Next(had, 0); piece >= 0; piece = PieceBits.Next(had, piece + 1))
                read.Add(piece);
        }
        _whole = read.IsFull && _pieceCount > 0;
        _set = _whole ? null : read;
        return true;
    }
}
