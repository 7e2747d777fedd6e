using CcBt.Core.Metainfo;

namespace CcBt.Core.Storage;

/// <summary>
/// The pieces that one thread of a check has before it: those that must be read are hashed several at a time where there are lanes for it and enough pieces. Pieces that
/// are longer than a run are read by turns then; a disk that takes far longer for that than the hash is left to read one after the other.
/// </summary>
internal sealed class PieceBatch(FileLayout layout, CheckSource source, IPieceVerifier verifier, IPieceLanes? lanes, int runBytes, TimeProvider time)
{
    // Runs a power of two apart would all fall into the same few places of the processor's cache.
    private const int Skew = 64;

    // So many times as long as the hash: a disk drive that seeks, not a machine that is busy.
    private const int SlowDisk = 4;

    private readonly int[] _pieces = new int[lanes?.Count ?? 0];
    private readonly bool[] _matches = new bool[lanes?.Count ?? 0];
    private readonly bool[] _isRead = new bool[lanes?.Count ?? 0];
    private TimeSpan _reading;
    private TimeSpan _hashing;
    private int _count;
    private byte[]? _buffer;

    // Made when the first piece is read: most checks of what is not there read nothing.
    private byte[] Buffer => _buffer ??= GC.AllocateUninitializedArray<byte>(lanes is null ? runBytes : lanes.Count * (runBytes + Skew));

    /// <summary>Checks as many pieces as <paramref name="isGood"/> is long.</summary>
    public void Check(int first, Span<bool> isGood, CancellationToken ct)
    {
        for (int i = 0; i < isGood.Length; i++)
        {
            ct.ThrowIfCancellationRequested();
            int piece = first + i;
            if (source.Judge(piece) is { } known)
                isGood[i] = known;
            else if (lanes is null || layout.PieceSize(piece) != layout.PieceLength)
                isGood[i] = HashAlone(piece, ct);
            else
                _pieces[_count++] = piece;
            if (lanes is not null && (_count == lanes.Count || i == isGood.Length - 1))
                HashCollected(lanes, first, isGood, ct);
        }
    }

    private void HashCollected(IPieceLanes several, int first, Span<bool> isGood, CancellationToken ct)
    {
        int count = _count;
        _count = 0;
        bool isWorthIt = count >= several.Least && (layout.PieceLength <= runBytes || _reading <= SlowDisk * _hashing);
        if (isWorthIt)
            HashTogether(several, _pieces.AsSpan(0, count), ct);
        for (int i = 0; i < count; i++)
            isGood[_pieces[i] - first] = isWorthIt ? _isRead[i] && _matches[i] : HashAlone(_pieces[i], ct);
    }

    private void HashTogether(IPieceLanes several, ReadOnlySpan<int> pieces, CancellationToken ct)
    {
        _isRead.AsSpan().Fill(true);
        int stride = runBytes + Skew;
        several.Begin();
        for (int at = 0; at < layout.PieceLength; at += runBytes)
        {
            int length = Math.Min(runBytes, layout.PieceLength - at);
            long begin = time.GetTimestamp();
            for (int i = 0; i < pieces.Length; i++)
            {
                ct.ThrowIfCancellationRequested();
                // What a piece that cannot be read leaves on its lane is not looked at.
                _isRead[i] = _isRead[i] && source.TryRead(pieces[i], at, Buffer.AsSpan(i * stride, length));
            }
            long read = time.GetTimestamp();
            several.Append(Buffer, stride, length);
            _reading += time.GetElapsedTime(begin, read);
            _hashing += time.GetElapsedTime(read);
        }
        several.Finish(pieces, _matches);
    }

    private bool HashAlone(int piece, CancellationToken ct)
    {
        int size = layout.PieceSize(piece);
        if (size <= Buffer.Length)
            return source.TryRead(piece, 0, Buffer.AsSpan(0, size)) && verifier.Verify(piece, Buffer.AsSpan(0, size));
        using IPieceCheck check = verifier.Begin(piece);
        for (int at = 0; at < size; at += Buffer.Length)
        {
            ct.ThrowIfCancellationRequested();
            Span<byte> part = Buffer.AsSpan(0, Math.Min(Buffer.Length, size - at));
            if (!source.TryRead(piece, at, part))
                return false;
            check.Append(part);
        }
        return check.Finish();
    }
}
