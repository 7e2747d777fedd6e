using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace CcBt.Core.Wire;

/// <summary>
/// Gathers an info dictionary from several peers (BEP 9) and believes it only when its hash fits. Each size that peers claim has a
/// fetch of its own. A wrong hash convicts a single giver at once; after a mixed one, peers fetch alone until the truth is found, and
/// what the suspects gave is then compared with it.
/// </summary>
internal sealed class MetadataAssembly(InfoHash? v1, InfoHashV2? v2)
{
    private readonly Dictionary<int, MetadataSource> _sources = [];
    private readonly Dictionary<int, MetadataFetch> _shared = [];
    private readonly Dictionary<int, MetadataFetch> _lone = [];
    private readonly HashSet<int> _mixedSizes = [];
    private readonly List<MetadataSuspect> _suspects = [];
    private readonly HashSet<int> _convicted = [];
    private readonly Queue<int> _guilty = [];
    private readonly List<int> _slow = [];

    /// <summary>The verified info dictionary; null until it is there.</summary>
    public byte[]? Metadata { get; private set; }

    [MemberNotNullWhen(true, nameof(Metadata))]
    public bool IsComplete => Metadata is not null;

    /// <summary>Bytes held unverified.</summary>
    public int HeldBytes => Fetches().Sum(static f => f.HeldBytes);

    /// <summary>When <see cref="Advance"/> has something to do; null for never.</summary>
    public TimeSpan? NextDeadline => Fetches().Min(static f => f.NextDeadline);

    /// <summary>A link offers metadata of a size. False when the size is out of bounds, or the link is convicted or one too many. Its first claim counts.</summary>
    public bool AddSource(int linkId, int size)
    {
        if (IsComplete || size < 1 || size > Limits.MetadataBytes || _convicted.Contains(linkId))
            return false;
        return _sources.ContainsKey(linkId)
            || (_sources.Count < Limits.MetadataSources && _sources.TryAdd(linkId, new MetadataSource(linkId, size)));
    }

    /// <summary>The link is gone; others are asked for what it owes.</summary>
    public void RemoveSource(int linkId)
    {
        if (!_sources.Remove(linkId, out MetadataSource? source))
            return;
        _lone.Remove(linkId);
        if (_shared.TryGetValue(source.Size, out MetadataFetch? fetch))
            fetch.RemoveLink(linkId);
        if (!_sources.Values.Any(s => s.Size == source.Size))
            _shared.Remove(source.Size);
    }

    /// <summary>The next piece to ask this link for. False when it should not be asked now.</summary>
    public bool TryNextRequest(int linkId, TimeSpan now, out int piece)
    {
        piece = -1;
        if (IsComplete || !_sources.TryGetValue(linkId, out MetadataSource? source))
            return false;
        if (source.Outstanding >= Limits.MetadataRequestsPerPeer || source.RestsUntil > now)
            return false;
        if (FetchFor(source) is not { } fetch || !fetch.TryRequest(linkId, now, out piece))
            return false;
        source.Outstanding++;
        return true;
    }

    /// <summary>A piece came. False when it was not asked for or does not fit the link's claim; it is ignored then.</summary>
    public bool Add(int linkId, int piece, int totalSize, ReadOnlySpan<byte> bytes)
    {
        if (IsComplete || !_sources.TryGetValue(linkId, out MetadataSource? source) || totalSize != source.Size)
            return false;
        if (ExistingFetch(source) is not { } fetch || bytes.Length != MetadataMessage.PieceLength(piece, source.Size) || !fetch.Answered(linkId, piece))
            return false;
        source.Outstanding--;
        fetch.Put(linkId, piece, bytes);
        if (fetch.IsWhole)
            Judge(fetch);
        else if (HeldBytes > Limits.MetadataHeldBytes)
            DropLargest(fetch);
        return true;
    }

    /// <summary>The link refused a piece: it has no metadata, or has had enough of us for now.</summary>
    public void Rejected(int linkId, int piece, TimeSpan now)
    {
        if (_sources.TryGetValue(linkId, out MetadataSource? source) && ExistingFetch(source)?.Answered(linkId, piece) == true)
            Rest(source, now);
    }

    /// <summary>Gives the requests that nobody answered in time to others.</summary>
    public void Advance(TimeSpan now)
    {
        _slow.Clear();
        foreach (MetadataFetch fetch in Fetches())
            fetch.TakeExpired(now, _slow);
        foreach (int linkId in _slow)
        {
            if (_sources.TryGetValue(linkId, out MetadataSource? source))
                Rest(source, now);
        }
    }

    /// <summary>Names a link that gave false metadata, each once. Its claim and its pieces are gone.</summary>
    public bool TryTakeGuilty(out int linkId) => _guilty.TryDequeue(out linkId);

    private IEnumerable<MetadataFetch> Fetches() => _shared.Values.Concat(_lone.Values);

    private MetadataFetch? ExistingFetch(MetadataSource source)
        => _mixedSizes.Contains(source.Size) ? _lone.GetValueOrDefault(source.LinkId) : _shared.GetValueOrDefault(source.Size);

    private MetadataFetch? FetchFor(MetadataSource source)
    {
        if (ExistingFetch(source) is { } fetch)
            return fetch;
        if (!_mixedSizes.Contains(source.Size))
            return _shared[source.Size] = new MetadataFetch(source.Size, null);
        if (_lone.Count >= Limits.MetadataLoneFetches)
            return null;
        return _lone[source.LinkId] = new MetadataFetch(source.Size, source.LinkId);
    }

    // A link that rests gives its place as a lone fetcher to another.
    private void Rest(MetadataSource source, TimeSpan now)
    {
        source.RestsUntil = now + Limits.MetadataRest;
        source.Outstanding = 0;
        if (!_lone.Remove(source.LinkId) && _shared.TryGetValue(source.Size, out MetadataFetch? fetch))
            fetch.RemoveLink(source.LinkId);
    }

    private void Judge(MetadataFetch fetch)
    {
        byte[] whole = fetch.Join();
        if (IsTrue(whole))
        {
            Metadata = whole;
            ConvictSuspects(whole);
            _shared.Clear();
            _lone.Clear();
            _sources.Clear();
            return;
        }
        HashSet<int> givers = fetch.Givers();
        if (givers.Count == 1)
        {
            Convict(givers.First());
        }
        else
        {
            fetch.AddSuspects(_suspects);
            _mixedSizes.Add(fetch.Size);
        }
        Drop(fetch);
    }

    private bool IsTrue(byte[] whole)
    {
        if (v1 is { } hash && new InfoHash(SHA1.HashData(whole)) != hash)
            return false;
        return v2 is not { } longHash || new InfoHashV2(SHA256.HashData(whole)) == longHash;
    }

    private void ConvictSuspects(byte[] whole)
    {
        foreach (MetadataSuspect suspect in _suspects)
        {
            if (suspect.Size != whole.Length || !IsPieceOf(whole, suspect))
                Convict(suspect.LinkId);
        }
        _suspects.Clear();
    }

    private static bool IsPieceOf(byte[] whole, in MetadataSuspect suspect)
    {
        int length = MetadataMessage.PieceLength(suspect.Piece, whole.Length);
        return new InfoHash(SHA1.HashData(whole.AsSpan(suspect.Piece * Limits.MetadataPieceBytes, length))) == suspect.PieceHash;
    }

    private void Convict(int linkId)
    {
        if (!_convicted.Add(linkId))
            return;
        _guilty.Enqueue(linkId);
        RemoveSource(linkId);
    }

    private void DropLargest(MetadataFetch spared)
    {
        MetadataFetch? largest = Fetches().Where(f => f != spared && f.HeldBytes > 0).MaxBy(static f => f.Size);
        Drop(largest ?? spared);
    }

    private void Drop(MetadataFetch fetch)
    {
        foreach (int linkId in fetch.OpenLinks())
        {
            if (_sources.TryGetValue(linkId, out MetadataSource? source))
                source.Outstanding = 0;
        }
        if (fetch.LoneLink is { } lone)
            _lone.Remove(lone);
        else
            _shared.Remove(fetch.Size);
    }
}
