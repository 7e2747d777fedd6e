using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>What is said to peers and heard from them beside blocks: who has what, who is interested, who chokes whom (BEP 3, BEP 6).</summary>
internal sealed class Conversation(LinkTable links, Outbox outbox, LeaseDesk desk, SeedRelief relief, SeedHints hints, Choker choker)
{
    private const int MostPendingHaves = 64;
    private static readonly TimeSpan HaveDelay = TimeSpan.FromMilliseconds(100);
    private readonly List<int> _pendingHaves = [];
    private byte[]? _bitfield;

    /// <summary>When gathered haves are sent.</summary>
    public TimeSpan HavesDue { get; private set; } = TimeSpan.MaxValue;

    /// <summary>The first words on a link: all, none or the bitfield. Before the metadata is known a fast peer hears none.</summary>
    public void Greet(SwarmLink link)
    {
        PieceSet? have = desk.Work?.Have;
        link.KnowsOurs = have is not null;
        if (have is null || have.IsEmpty)
        {
            if (link.IsFast)
                outbox.Send(link.Id, new PeerMessage(PeerMessageKind.HaveNone));
        }
        else if (link.IsFast && have.IsFull)
        {
            outbox.Send(link.Id, new PeerMessage(PeerMessageKind.HaveAll));
        }
        else
        {
            outbox.Send(link.Id, PeerMessage.Bitfield(_bitfield ??= have.Bytes.ToArray()));
        }
    }

    /// <summary>The torrent is armed: claims made so far are read, and what we have is told. False when the claims do not fit.</summary>
    public bool Arm(SwarmLink link, TimeSpan now)
    {
        PieceWork work = desk.Work!;
        if (!link.Pieces.TryArm(work.Map.PieceCount))
            return false;
        // Its pieces count from here on, and closing it takes them away again.
        work.Order?.AddPeer(link.Pieces);
        if (!link.OffersOnlyBelow(work.Map.PieceCount))
            return false;
        if (!link.KnowsOurs)
        {
            link.KnowsOurs = true;
            // A bitfield may only come first (BEP 3); later, pieces are told one by one.
            for (int piece = PieceBits.Next(work.Have, 0); piece >= 0; piece = PieceBits.Next(work.Have, piece + 1))
            {
                if (!link.Pieces[piece])
                    outbox.Send(link.Id, PeerMessage.Have(piece));
            }
        }
        Reconsider(link, now);
        if (link.Pieces.IsTold)
            AllowFast(link);
        return true;
    }

    /// <summary>Counts anew what the peer has that we lack, and says whether we are interested.</summary>
    public void Reconsider(SwarmLink link, TimeSpan now)
    {
        if (desk.Work is not { } work)
            return;
        link.UsefulPieces = link.Pieces.IsWhole ? work.Missing.Count
            : link.Pieces.Set is { } set ? PieceBits.CountBoth(set, work.Missing) : 0;
        SayInterest(link, now);
    }

    public SwarmError Handle(SwarmLink link, in PeerMessage message, TimeSpan now)
    {
        if (!link.IsFast && message.Kind is >= PeerMessageKind.Suggest and <= PeerMessageKind.AllowedFast)
            return SwarmError.FastNotAgreed;
        switch (message.Kind)
        {
            case PeerMessageKind.Choke:
                return Choked(link);
            case PeerMessageKind.Unchoke:
                return Unchoked(link);
            case PeerMessageKind.Interested or PeerMessageKind.NotInterested:
                return Interest(link, message.Kind == PeerMessageKind.Interested, now);
            case PeerMessageKind.Have:
                return Have(link, message.Index, now);
            case PeerMessageKind.Bitfield or PeerMessageKind.HaveAll:
                return Claims(link, message, now);
            case PeerMessageKind.HaveNone:
                return HasNone(link);
            case PeerMessageKind.Suggest or PeerMessageKind.AllowedFast:
                return Offer(link, message.Index, message.Kind == PeerMessageKind.AllowedFast, now);
            case PeerMessageKind.Reject:
                return Rejected(link, message.Block);
            default:
                return SwarmError.None;
        }
    }

    /// <summary>A piece is verified: it is told to those who lack it, a little later together with others.</summary>
    public void Gained(int piece, bool wasMissing, TimeSpan now)
    {
        _bitfield = null;
        hints.Forget();
        foreach (SwarmLink link in links.All)
        {
            if (!wasMissing || !link.Pieces.IsArmed || !link.Pieces[piece])
                continue;
            link.UsefulPieces--;
            SayInterest(link, now);
        }
        if (_pendingHaves.Count == 0)
            HavesDue = now + HaveDelay;
        _pendingHaves.Add(piece);
        if (_pendingHaves.Count >= MostPendingHaves)
            TellHaves();
    }

    public void Lost()
    {
        _bitfield = null;
        hints.Forget();
    }

    public void Advance(TimeSpan now)
    {
        if (now >= HavesDue)
            TellHaves();
    }

    public void TellHaves()
    {
        HavesDue = TimeSpan.MaxValue;
        bool isShared = links.AnySharer;
        foreach (SwarmLink link in links.All)
        {
            // A seed that suggests, so that its peers share, goes by what they have; others need not hear of it.
            bool followsUs = isShared && link.IsSeed && link.Hints.Count > 0;
            if (link.IsClosing || !link.KnowsOurs || (link.IsSeed && !followsUs))
                continue;
            foreach (int piece in _pendingHaves)
            {
                if (followsUs || !link.Pieces[piece])
                    outbox.Send(link.Id, PeerMessage.Have(piece));
            }
        }
        _pendingHaves.Clear();
    }

    private void SayInterest(SwarmLink link, TimeSpan now)
    {
        bool interested = link.UsefulPieces > 0;
        if (link.IsClosing || interested == link.AmInterested)
            return;
        link.AmInterested = interested;
        outbox.Send(link.Id, new PeerMessage(interested ? PeerMessageKind.Interested : PeerMessageKind.NotInterested));
    }

    private SwarmError Choked(SwarmLink link)
    {
        link.PeerChoking = true;
        link.ForgetHints();
        // Without fast every open request is dead; with it each is still answered (BEP 6).
        if (link.IsFast)
            desk.Resign(link);
        else
            desk.ReleaseAll(link, cancel: true);
        return SwarmError.None;
    }

    private SwarmError Unchoked(SwarmLink link)
    {
        link.PeerChoking = false;
        link.ForgetRefusals();
        desk.Wake(link);
        return SwarmError.None;
    }

    private SwarmError Interest(SwarmLink link, bool interested, TimeSpan now)
    {
        link.PeerInterested = interested;
        if (interested)
            choker.BecameInterested(link, now);
        else
            choker.LostInterest(link, now);
        return SwarmError.None;
    }

    private SwarmError Have(SwarmLink link, int piece, TimeSpan now)
    {
        SwarmError error = link.Pieces.Add(piece, out bool isNews);
        // It is none before the torrent is armed.
        if (!isNews)
            return error;
        PieceWork work = desk.Work!;
        hints.Had(link, piece, choker.Sharers, now);
        work.Order?.Rise(piece);
        if (!work.Missing[piece])
            return error;
        link.UsefulPieces++;
        SayInterest(link, now);
        if (link.IsHungry)
            desk.Wake(link);
        relief.Spread(piece, now);
        return error;
    }

    private SwarmError Claims(SwarmLink link, in PeerMessage message, TimeSpan now)
    {
        PieceOrder? order = desk.Work?.Order;
        order?.RemovePeer(link.Pieces);
        SwarmError error = message.Kind == PeerMessageKind.HaveAll ? link.Pieces.SetAll() : link.Pieces.SetBits(message.Payload);
        order?.AddPeer(link.Pieces);
        hints.Told(link);
        if (error != SwarmError.None)
            return error;
        Reconsider(link, now);
        desk.Wake(link);
        AllowFast(link);
        return error;
    }

    private SwarmError HasNone(SwarmLink link)
    {
        SwarmError error = link.Pieces.SetNone();
        if (error == SwarmError.None)
            AllowFast(link);
        return error;
    }

    /// <summary>
    /// Who begins has nothing to trade yet: it may have a few pieces while it is choked (BEP 6; the set is defined for IPv4 only). A seed asks for no trade and
    /// gives in turns; pieces chosen by address would leave it several times before others have left it once.
    /// </summary>
    private void AllowFast(SwarmLink link)
    {
        if (desk.Work is not { IsComplete: false } work || !link.IsFast || link.WasAllowedFast || link.Address.IsV6)
            return;
        link.WasAllowedFast = true;
        bool isStarter = !link.Pieces.IsWhole && (link.Pieces.Set?.Count ?? 0) < AllowedFastSet.UsualCount;
        if (isStarter && !work.Have.IsEmpty && work.Map.PieceCount >= Limits.AllowedFastLeastPieces)
            outbox.Add(new SwarmOutput(SwarmOutputKind.AllowFast, link.Id));
    }

    private SwarmError Offer(SwarmLink link, int piece, bool allowsFast, TimeSpan now)
    {
        int pieces = desk.Work?.Map.PieceCount ?? Limits.EarlyBitfieldBytes * 8;
        if ((uint)piece >= (uint)pieces)
            return SwarmError.IndexOutOfRange;
        if (allowsFast)
        {
            link.AllowFast(piece);
            desk.Wake(link);
        }
        else
        {
            link.Suggest(piece, now);
            // It could not know: seeds were not told before they suggested anything.
            if (link.IsSeed && desk.Work is { IsComplete: false } work && work.Have[piece])
                outbox.Send(link.Id, PeerMessage.Have(piece));
        }
        return SwarmError.None;
    }

    private SwarmError Rejected(SwarmLink link, in BlockAddress block)
    {
        if (desk.Work is not { } work || (uint)block.Piece >= (uint)work.Map.PieceCount)
            return SwarmError.IndexOutOfRange;
        return desk.Reject(link, block) ? SwarmError.None : SwarmError.UnaskedReject;
    }
}
