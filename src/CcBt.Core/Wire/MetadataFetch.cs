using System.Security.Cryptography;

namespace CcBt.Core.Wire;

/// <summary>One attempt at metadata of one size: the pieces that have come, from whom, and the requests that are open.</summary>
internal sealed class MetadataFetch(int size, int? loneLink)
{
    private readonly byte[]?[] _pieces = new byte[]?[MetadataMessage.PieceCount(size)];
    private readonly int[] _givers = new int[MetadataMessage.PieceCount(size)];
    private readonly List<MetadataRequest> _requests = [];
    private int _held;

    public int Size => size;

    /// <summary>The only link that may feed it; null when several may.</summary>
    public int? LoneLink => loneLink;

    public int HeldBytes { get; private set; }

    public bool IsWhole => _held == _pieces.Length;

    /// <summary>When the oldest request expires; null without one.</summary>
    public TimeSpan? NextDeadline => _requests.Count == 0 ? null : _requests.Min(static r => r.Expires);

    /// <summary>Chooses a piece that nobody was asked for, else one that another link is slow to give.</summary>
    public bool TryRequest(int linkId, TimeSpan now, out int piece)
    {
        if (!TryChoose(linkId, 1, out piece) && !TryChoose(linkId, Limits.MetadataCopiesInFlight, out piece))
            return false;
        _requests.Add(new MetadataRequest(linkId, piece, now + Limits.MetadataRequestTime));
        return true;
    }

    /// <summary>Closes a request; false when there was none.</summary>
    public bool Answered(int linkId, int piece) => _requests.RemoveAll(r => r.LinkId == linkId && r.Piece == piece) > 0;

    /// <summary>Takes a piece that was asked for; a copy of one that is there already changes nothing.</summary>
    public void Put(int linkId, int piece, ReadOnlySpan<byte> bytes)
    {
        if (_pieces[piece] is not null)
            return;
        _pieces[piece] = bytes.ToArray();
        _givers[piece] = linkId;
        HeldBytes += bytes.Length;
        _held++;
    }

    /// <summary>Removes the requests that have expired and names their links.</summary>
    public void TakeExpired(TimeSpan now, List<int> slowLinks)
    {
        foreach (MetadataRequest request in _requests)
        {
            if (request.Expires <= now)
                slowLinks.Add(request.LinkId);
        }
        _requests.RemoveAll(r => r.Expires <= now);
    }

    /// <summary>Forgets the open requests of a link; what it gave stays.</summary>
    public void RemoveLink(int linkId) => _requests.RemoveAll(r => r.LinkId == linkId);

    /// <summary>The links whose pieces make up the whole.</summary>
    public HashSet<int> Givers() => [.. _givers];

    public IEnumerable<int> OpenLinks() => _requests.Select(static r => r.LinkId);

    public byte[] Join()
    {
        var whole = new byte[size];
        for (int i = 0; i < _pieces.Length; i++)
            _pieces[i]!.CopyTo(whole, i * Limits.MetadataPieceBytes);
        return whole;
    }

    public void AddSuspects(List<MetadataSuspect> suspects)
    {
        for (int i = 0; i < _pieces.Length; i++)
            suspects.Add(new MetadataSuspect(_givers[i], size, i, new InfoHash(SHA1.HashData(_pieces[i]!))));
    }

    private bool TryChoose(int linkId, int mostCopies, out int piece)
    {
        for (piece = 0; piece < _pieces.Length; piece++)
        {
            if (_pieces[piece] is null && CountCopies(linkId, piece) < mostCopies)
                return true;
        }
        return false;
    }

    private int CountCopies(int linkId, int piece)
    {
        int copies = 0;
        foreach (MetadataRequest request in _requests)
        {
            if (request.Piece == piece)
                copies += request.LinkId == linkId ? Limits.MetadataCopiesInFlight : 1;
        }
        return copies;
    }
}
