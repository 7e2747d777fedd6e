using System.Runtime.InteropServices;
using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>Keeps every supplier's window filled, takes receipts, and takes requests back from those who owe too long.</summary>
internal sealed class LeaseDesk(LinkTable links, Outbox outbox, SwarmOptions options)
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan YieldFor = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DoubtAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan NoVerdictAfter = TimeSpan.FromSeconds(60);

    /// <summary>In place of the attempt of a block that was not asked for; they are counted from 1.</summary>
    private const int NotAsked = 0;

    private readonly Queue<Supplier> _waiting = new();
    private readonly List<BlockAddress> _picked = [];
    private BlockPicker? _picker;

    public PieceWork? Work { get; private set; }

    public bool IsHeld { get; set; }

    /// <summary>There is no place for more pieces: only those that have been begun go on, which is what makes room again.</summary>
    public bool IsDiskBusy { get; set; }

    public long WastedBytes { get; private set; }

    public int RequestsOpen
    {
        get
        {
            int open = 0;
            foreach (SwarmLink link in links.All)
                open += link.Requests.Count;
            return open;
        }
    }

    public void Arm(PieceWork work)
    {
        Work = work;
        _picker = new BlockPicker(work, links);
    }

    /// <summary>Gives the supplier requests at the next <see cref="Settle"/>.</summary>
    public void Wake(Supplier supplier)
    {
        if (supplier.IsQueued)
            return;
        supplier.IsQueued = true;
        _waiting.Enqueue(supplier);
    }

    /// <summary>Blocks or room became free: up to <paramref name="most"/> of those that got too little try again.</summary>
    public void WakeHungry(int most = int.MaxValue)
    {
        foreach (SwarmLink link in links.All)
        {
            if (most == 0)
                return;
            if (!link.IsHungry || link.IsQueued)
                continue;
            Wake(link);
            most--;
        }
    }

    public void Settle(TimeSpan now)
    {
        while (_waiting.TryDequeue(out Supplier? supplier))
        {
            supplier.IsQueued = false;
            Fill(supplier, now);
        }
    }

    /// <summary>Notes blocks that came in.</summary>
    public void Receive(SwarmLink link, ReadOnlySpan<BlockReceipt> blocks, TimeSpan now)
    {
        link.LastReportAt = now;
        if (blocks.IsEmpty)
            return;
        long bytes = 0, askedBytes = 0;
        TimeSpan shortest = TimeSpan.MaxValue;
        foreach (BlockReceipt received in blocks)
        {
            bytes += received.Block.Length;
            int block = received.Block.Begin / BlockAddress.Size;
            bool known = link.Requests.TryRemove(received.Block.Piece, block, out BlockRequest request);
            askedBytes += known ? received.Block.Length : 0;
            if (known && now - request.SentAt < shortest)
                shortest = now - request.SentAt;
            if (!Note(link, received, block, known ? request.Attempt : NotAsked, now))
                WastedBytes += received.Block.Length;
        }
        link.Gave(bytes, askedBytes, now);
        link.Window.Received(blocks.Length, bytes, shortest);
        Wake(link);
    }

    /// <summary>The peer will not send the block. False when it was never asked and such rejects have become too many.</summary>
    public bool Reject(SwarmLink link, in BlockAddress block)
    {
        // The link drops a lease only for the very block, so nothing else may free it here.
        int index = block.Begin / BlockAddress.Size;
        bool wasAsked = Work is { } work && work.Map.Block(block.Piece, index) == block;
        if (!wasAsked || !link.Requests.TryRemove(block.Piece, index, out BlockRequest request))
            return ++link.RejectsUnasked <= link.CancelsSent + Limits.UnaskedRejects;
        // The answer to a cancel, above, is no refusal, and neither is what a choke takes back.
        if (link.CanServe(block.Piece))
        {
            link.Refuse(block.Piece);
            link.Window.Rejected();
        }
        Release(link, request);
        Wake(link);
        WakeHungry();
        return true;
    }

    /// <summary>There was no place for these blocks: they were not requested, and are free for whoever asks next.</summary>
    public void Refused(Supplier supplier, ReadOnlySpan<BlockAddress> blocks)
    {
        foreach (BlockAddress block in blocks)
        {
            if (!supplier.Requests.TryRemove(block.Piece, block.Begin / BlockAddress.Size, out BlockRequest request))
                continue;
            Release(supplier, request);
            // What got no place is not begun, else it would be taken for one of those that can go on.
            if (Work!.Open.TryGetValue(block.Piece, out OpenPiece? open) && open is { AskedCount: 0, ReceivedCount: 0, IsRetry: false })
                GiveUp(open);
        }
        supplier.IsHungry = true;
    }

    /// <summary>Takes every request back; with <paramref name="cancel"/> the link is told.</summary>
    public void ReleaseAll(Supplier supplier, bool cancel)
    {
        while (supplier.Requests.Count > 0)
        {
            BlockRequest request = supplier.Requests[0];
            supplier.Requests.RemoveAt(0);
            if (cancel)
                Cancel(supplier, request);
            Release(supplier, request);
        }
        Resign(supplier);
        WakeHungry();
    }

    /// <summary>The supplier is primary of nothing any more; others may go on with its pieces.</summary>
    public void Resign(Supplier supplier)
    {
        supplier.Current = null;
        if (Work is null)
            return;
        foreach (OpenPiece piece in Work.Open.Values)
        {
            if (piece.Primary == supplier)
                piece.Primary = null;
        }
    }

    public void Verified(int piece)
    {
        PieceWork work = Work!;
        if (work.Open.TryGetValue(piece, out OpenPiece? open))
        {
            SwarmLink? last = null;
            for (int block = 0; block < open.BlockCount; block++)
            {
                if (open.IsReceived(block) && open.Askers(block)[0] is SwarmLink giver && giver != last)
                    (last = giver).GoodPieces++;
                else if (!open.IsReceived(block))
                    CancelSurplus(open, block);
            }
            work.End(open);
        }
        work.TryGain(piece);
        WakeHungry(2);
    }

    /// <summary>The piece was bad: it is fetched again from one supplier. Its givers' reports may still be on the way.</summary>
    public void Failed(int piece, TimeSpan now)
    {
        if (Work is null || !Work.Open.TryGetValue(piece, out OpenPiece? open))
            return;
        for (int block = 0; block < open.BlockCount; block++)
            CancelSurplus(open, block);
        Work.Retry(open, now);
        WakeHungry();
    }

    /// <summary>The piece is not begun any more: what had come of it is discarded, and it waits among the others again.</summary>
    public void GiveUp(OpenPiece open)
    {
        int piece = open.Piece;
        Drop(open);
        if (Work!.Missing[piece])
            Work.Order?.Add(piece);
        outbox.Discard(piece);
    }

    /// <summary>The piece leaves the work for now; nobody is to blame.</summary>
    public void Drop(OpenPiece open)
    {
        if (open.AskedCount > 0 || open.MayBeOwed)
            Work!.ExpectLate(open.Piece);
        for (int block = 0; block < open.BlockCount; block++)
        {
            if (open.IsReceived(block))
                continue;
            foreach (Supplier? asker in open.Askers(block))
            {
                if (asker is not null)
                    TakeBack(asker, open.Piece, block);
            }
        }
        Work!.End(open);
    }

    public void Tick(TimeSpan now)
    {
        if (Work is null)
            return;
        foreach (SwarmLink link in links.All)
        {
            if (!link.IsClosing && link.Requests.Count > 0)
                Check(link, now);
            if (link.YieldedAt < now - YieldFor)
                link.ForgetYields();
        }
        DropStuck(now);
        WakeHungry();
    }

    private void Fill(Supplier supplier, TimeSpan now)
    {
        if (_picker is null || IsHeld || !supplier.IsReady || Work!.IsComplete)
            return;
        int open = supplier.Requests.Count;
        if (open == 0 && !supplier.IsSnubbed && now - supplier.LastBlockAt > TimeSpan.FromSeconds(2))
            supplier.Window.Restart(now);
        int want = supplier.Window.Size - open;
        if (want < Math.Max(1, supplier.Window.Size / 8))
            return;
        if (open == 0)
        {
            supplier.LastAskedAt = now;
            (supplier as SwarmLink)?.ForgetYields();
        }
        _picked.Clear();
        _picker.Pick(supplier, want, mayBegin: !IsDiskBusy, now, _picked);
        supplier.IsHungry = _picked.Count < want;
        bool isEnding = supplier.IsHungry && _picker.IsEnding;
        if (_picked.Count == 0 && (!isEnding || open == 0))
            return;
        foreach ((SwarmLink holder, BlockRequest request) in _picker.Moved)
            Move(holder, request);
        outbox.Lease(supplier.Id, CollectionsMarshal.AsSpan(_picked), ReportMark(supplier, isEnding));
    }

    /// <summary>
    /// Half a queue at a time is mostly soon enough to hear what has come. A far peer's link would run empty meanwhile: a quarter there. In the
    /// end it must be known at once, else others are asked for it; and soon, where rare pieces of a seed may still give way to rarer ones.
    /// </summary>
    private int ReportMark(Supplier supplier, bool isEnding)
    {
        int count = supplier.Requests.Count;
        if (isEnding)
            return count - 1;
        PieceOrder order = Work!.Order!;
        if (links.Count > order.Seeds && order.IsOnlyAtSeeds(_picked[^1].Piece))
            return count - 1 - count / 8;
        return supplier.Window.IsFar ? count - 1 - count / 4 : count / 2;
    }

    /// <summary>Another one brings the block sooner.</summary>
    private void Move(SwarmLink holder, in BlockRequest request)
    {
        TakeBack(holder, request.Piece, request.Block);
        Release(holder, request);
    }

    /// <summary>False when the block was of no use.</summary>
    private bool Note(SwarmLink link, in BlockReceipt received, int block, int attempt, TimeSpan now)
    {
        // A verdict can overtake the report: the piece is then closed, or at its next attempt.
        if (Work is null || !Work.Open.TryGetValue(received.Block.Piece, out OpenPiece? open) || (attempt != NotAsked && attempt != open.Attempt))
            return received.IsUsed;
        // Nor does a block that was taken back before its report came say anything of an attempt that was begun since.
        if (attempt == NotAsked && open.MayBeOwed)
            return received.IsUsed;
        if (open.IsReceived(block))
            return false;
        open.LastActivity = now;
        if (received.IsUsed)
        {
            foreach (Supplier? asker in open.Askers(block))
            {
                if (asker is not null && asker != link)
                    TakeBack(asker, open.Piece, block);
            }
            open.TryReceive(block, link);
        }
        else
        {
            open.Release(block, link);
            // Somebody else has it, though nobody else is asked any more: a cancel that came too late. The word of a peer that was
            // not asked counts for nothing.
            if (attempt != NotAsked && open.IsFree(block) && open.CountAskers(block) == 0 && open.TryReceive(block, null))
                open.AssumedCount++;
        }
        Work.Refresh(open);
        return received.IsUsed;
    }

    private void Release(Supplier supplier, in BlockRequest request)
    {
        if (Work is null || !Work.Open.TryGetValue(request.Piece, out OpenPiece? open) || open.Attempt != request.Attempt)
            return;
        open.Release(request.Block, supplier);
        Work.Refresh(open);
    }

    private void CancelSurplus(OpenPiece open, int block)
    {
        // With one asker its report may be on the way; of several, all but one are surplus and it is not known which.
        if (open.IsReceived(block) || open.CountAskers(block) < 2)
            return;
        foreach (Supplier? asker in open.Askers(block))
        {
            if (asker is not null)
                TakeBack(asker, open.Piece, block);
        }
    }

    private void TakeBack(Supplier supplier, int piece, int block)
    {
        if (!supplier.Requests.TryRemove(piece, block, out BlockRequest request))
            return;
        Cancel(supplier, request);
        Wake(supplier);
    }

    private void Cancel(Supplier supplier, in BlockRequest request)
    {
        supplier.CancelsSent++;
        outbox.Cancel(supplier.Id, Work!.Map.Block(request.Piece, request.Block));
    }

    private void Check(SwarmLink link, TimeSpan now)
    {
        TimeSpan since = link.LastBlockAt > link.LastAskedAt ? link.LastBlockAt : link.LastAskedAt;
        if (now - since >= options.SnubAfter && !link.IsSnubbed)
            Snub(link, now);
        while (link.Requests.Count > 0 && now - link.Requests[0].SentAt >= options.RequestTimeout)
        {
            BlockRequest late = link.Requests[0];
            link.Requests.RemoveAt(0);
            Cancel(link, late);
            Release(link, late);
        }
        if (now - link.LastReportAt >= FlushEvery && now - link.FlushedAt >= FlushEvery)
        {
            link.FlushedAt = now;
            outbox.Add(new SwarmOutput(SwarmOutputKind.FlushReport, link.Id));
        }
        if (!link.IsSnubbed)
            link.Window.Tick(now);
        Wake(link);
    }

    /// <summary>All but its oldest request go back; that one stays, to see when it gives again, and others may be asked for the same.</summary>
    private void Snub(SwarmLink link, TimeSpan now)
    {
        link.IsSnubbed = true;
        link.SnubbedAt = now;
        link.Window.Snub();
        while (link.Requests.Count > 1)
        {
            BlockRequest request = link.Requests[1];
            link.Requests.RemoveAt(1);
            Cancel(link, request);
            Release(link, request);
        }
        BlockRequest kept = link.Requests[0];
        if (Work!.Open.TryGetValue(kept.Piece, out OpenPiece? open) && open.Attempt == kept.Attempt)
        {
            // Its place among the block's askers goes too, else a few silent peers together would keep everybody else away.
            open.MayBeOwed = true;
            open.Release(kept.Block, link);
            open.Offer(kept.Block);
            Work.Refresh(open);
        }
        Resign(link);
    }

    /// <summary>
    /// Pieces that nobody can go on with must not hold the room of others for ever, and blocks that were only assumed to
    /// have come, in the end all of a piece's, are asked again when no verdict follows: a store that has them says so at once.
    /// </summary>
    private void DropStuck(TimeSpan now)
    {
        OpenPiece? stuck = null;
        foreach (OpenPiece open in Work!.Open.Values)
        {
            if (open.AskedCount > 0 || now - open.LastActivity < DoubtAfter)
                continue;
            if (open is { FreeCount: 0, AssumedCount: > 0 } || (open.FreeCount == 0 && now - open.LastActivity >= NoVerdictAfter))
            {
                open.Doubt(all: open.AssumedCount == 0);
                Work.Refresh(open);
            }
            else if (open.FreeCount > 0 && (!Work.HasRoom || IsDiskBusy))
            {
                stuck = open;
            }
        }
        if (stuck is not null)
            GiveUp(stuck);
    }
}
