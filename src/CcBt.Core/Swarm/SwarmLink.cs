using CcBt.Core.Addressing;

namespace CcBt.Core.Swarm;

/// <summary>What the swarm knows of one connected peer.</summary>
internal sealed class SwarmLink(int id, PeerAddress address, bool isOutbound, bool isFast, TimeSpan now) : Supplier(id, now)
{
    private static readonly List<int> NoPieces = [];
    private HashSet<int>? _refused;
    private List<int>? _allowedFast;
    private List<int>? _suggested;
    private HashSet<int>? _yielded;

    public PeerAddress Address { get; } = address;

    public bool IsOutbound { get; } = isOutbound;

    public bool IsFast { get; } = isFast;

    public TimeSpan OpenedAt { get; } = now;

    /// <summary>Where it listens; port 0 while that is unknown (an inbound peer that has not said).</summary>
    public PeerAddress ListenAddress { get; set; } = isOutbound ? address : address.WithPort(0);

    public Candidate? Candidate { get; set; }

    /// <summary>It was told to go; nothing more is said to it or believed of it.</summary>
    public bool IsClosing { get; set; }

    public bool PeerChoking { get; set; } = true;

    public bool PeerInterested { get; set; }

    public bool AmInterested { get; set; }

    public bool AmUnchoking { get; set; }

    public bool UploadOnly { get; set; }

    /// <summary>How many pieces it has that we want and lack.</summary>
    public int UsefulPieces { get; set; }

    /// <summary>Verified pieces that it had a part in.</summary>
    public int GoodPieces { get; set; }

    public RateMeter Upload { get; } = new(now);

    public TimeSpan LastReportAt { get; set; } = now;

    public TimeSpan FlushedAt { get; set; } = now;

    /// <summary>When a block that was asked for last came or went.</summary>
    public TimeSpan MovedAt { get; private set; } = now;

    /// <summary>It lost its place for that; it is not dialed before.</summary>
    public TimeSpan? RestsUntil { get; set; }

    /// <summary>It was allowed to download since then.</summary>
    public bool HadTurn { get; set; }

    public TimeSpan SnubbedAt { get; set; }

    public TimeSpan UnchokedAt { get; set; }

    /// <summary>Upload total when it was unchoked, to tell when it has had its share.</summary>
    public long UploadedAtUnchoke { get; set; }

    /// <summary>When it was last made to give way; the greatest value when nothing is held back from it.</summary>
    public TimeSpan YieldedAt { get; private set; } = TimeSpan.MaxValue;

    public override bool IsProven => Given.TotalBytes > 0;

    /// <summary>What it gave lately, over a time that bridges the gaps between its turns (BEP 3: 20 seconds); who may download from us goes by it.</summary>
    public RateMeter Given { get; } = new(now, memorySeconds: 20);

    /// <summary>What it had from us beyond what we had from it.</summary>
    public long Debt => Upload.TotalBytes - Given.TotalBytes;

    /// <summary>Pieces that we suggested to it while seeding and that it has not got yet.</summary>
    public HashSet<int>? Hinted { get; set; }

    /// <summary>Pieces that we suggested to it since we unchoked it, and that it has got.</summary>
    public int HintsMet { get; set; }

    /// <summary>Pieces that it was the first to have, and that nobody else has got since, with the time it got them.</summary>
    public Dictionary<int, TimeSpan>? Kept { get; set; }

    /// <summary>Pieces that it was the first to have, and that others have got since.</summary>
    public int PassedOn { get; set; }

    /// <summary>What it gets stays with it, while others pass theirs on.</summary>
    public bool IsKeeper { get; set; }

    public int RejectsUnasked { get; set; }

    /// <summary>Whether our pieces were told, so that only new ones are left to tell.</summary>
    public bool KnowsOurs { get; set; }

    /// <summary>Whether it was allowed its first pieces, or had too many to be.</summary>
    public bool WasAllowedFast { get; set; }

    public bool TakesPex { get; set; }

    public TimeSpan PexDueAt { get; set; } = now + TimeSpan.FromSeconds(60);

    public HashSet<PeerAddress>? PexTold { get; set; }

    public bool IsSeed => Pieces.IsFull;

    public override bool IsReady => 
        !IsClosing && (!PeerChoking || _allowedFast is not null) && (_refused is null || _refused.Count < Limits.RefusedPieces);

    public override bool IsCostly => false;

    public override IReadOnlyList<int>? Only => PeerChoking ? _allowedFast ?? NoPieces : null;

    public override IReadOnlyList<int> Hints => _suggested ?? NoPieces;

    public override bool CanServe(int piece)
        => Pieces[piece] && (!PeerChoking || _allowedFast?.Contains(piece) == true)
            && _refused?.Contains(piece) != true && _yielded?.Contains(piece) != true;

    /// <summary>Blocks came in from it. Only those that were asked speak for it: anybody can send what nobody wants.</summary>
    public void Gave(long bytes, long askedBytes, TimeSpan now)
    {
        Download.Add(bytes, now);
        if (askedBytes == 0)
            return;
        Given.Add(askedBytes, now);
        Moved(now);
        LastBlockAt = now;
        IsSnubbed = false;
    }

    public void AllowFast(int piece)
    {
        _allowedFast ??= [];
        if (_allowedFast.Count < Limits.AllowedFastPieces && !_allowedFast.Contains(piece))
            _allowedFast.Add(piece);
    }

    public void Suggest(int piece, TimeSpan now)
    {
        HintedAt = now;
        _suggested ??= [];
        if (_suggested.Contains(piece))
            return;
        if (_suggested.Count == Limits.SuggestedPieces)
            _suggested.RemoveAt(0);
        _suggested.Add(piece);
    }

    /// <summary>It serves others now; what it would rather serve when it serves us again, it says then.</summary>
    public void ForgetHints()
    {
        if (IsSeed)
            _suggested = null;
    }

    /// <summary>Whether all pieces that it suggested or allowed exist; before the metadata is known that cannot be seen.</summary>
    public bool OffersOnlyBelow(int pieceCount)
        => _allowedFast?.Exists(piece => piece >= pieceCount) != true && _suggested?.Exists(piece => piece >= pieceCount) != true;

    /// <summary>It rejected a request: the piece is not asked from it for a while, else it would be asked and rejected without end.</summary>
    public void Refuse(int piece)
    {
        _refused ??= [];
        if (_refused.Count < Limits.RefusedPieces)
            _refused.Add(piece);
    }

    /// <summary>
    /// Our request for the piece was cancelled in favour of a rarer one. It is not asked again until the answer to the cancel must have
    /// come, which could else be taken for one to the new request.
    /// </summary>
    public void Yield(int piece, TimeSpan now)
    {
        (_yielded ??= []).Add(piece);
        YieldedAt = now;
    }

    public void ForgetYields()
    {
        _yielded = null;
        YieldedAt = TimeSpan.MaxValue;
    }

    public void ForgetRefusals() => _refused = null;

    public void Moved(TimeSpan now) => (MovedAt, HadTurn) = (now, false);
}
