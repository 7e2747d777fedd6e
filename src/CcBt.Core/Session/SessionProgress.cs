using System.Runtime.InteropServices;
using CcBt.Core.Storage;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>Which pieces a session has, and when it is complete.</summary>
internal sealed class SessionProgress(SessionCore session)
{
    private bool _isFlushing;
    private IReadOnlyList<bool>? _finishing;
    private bool _hasFetched;

    public PieceSet? Have { get; private set; }

    public PieceSet? Wanted { get; private set; }

    /// <summary>Every wanted piece is verified, written and flushed.</summary>
    public bool IsComplete { get; private set; }

    public long VerifiedBytes { get; private set; }

    public long SelectedBytes { get; private set; }

    public void Begin(PieceSet have, PieceSet wanted)
    {
        Have = have;
        Wanted = wanted;
        Count();
    }

    public void SetWanted(PieceSet wanted, TimeSpan now)
    {
        Wanted = wanted;
        Count();
        session.Swarm.SetWanted(wanted, now);
        // What is newly wanted may be there already, but its files have not their shape yet.
        Uncomplete();
        Completed();
    }

    public void Verdict(PieceVerdict verdict, TimeSpan now)
    {
        if (Have is null)
            return;
        if (verdict.WriteError is { } error)
            WriteFailed(verdict.Piece, error, now);
        else if (verdict.IsGood)
            Good(verdict, now);
        else
            Bad(verdict, now);
    }

    /// <summary>With every wanted piece it counts as complete once the data is flushed. Asked too early, or again, it does nothing.</summary>
    public void Completed()
    {
        if (IsComplete || _isFlushing || session.Store is null || session.Selection.IsApplying || Have is null || !HasAllWanted())
            return;
        _isFlushing = true;
        _finishing = session.Selection.WantedFiles(session.Torrent!);
        session.Store.BeginFinish(_finishing);
    }

    public void Flushed(Exception? error, TimeSpan now)
    {
        _isFlushing = false;
        if (error is not null)
        {
            session.ReportProblem(error);
            session.RetryFlushAt = now + SessionCore.DiskRetry;
            return;
        }
        if (IsComplete || !HasAllWanted())
            return;
        if (!ReferenceEquals(_finishing, session.Selection.Wanted))
        {
            // Other files were chosen meanwhile: those are to be flushed, too.
            Completed();
            return;
        }
        IsComplete = true;
        session.ClearProblem();
        ClientLog.Completed(session.Logger, session.InfoHash, SelectedBytes);
        // What was there from the beginning is no download to be counted.
        if (_hasFetched)
            session.Announcer.Completed(now);
        else
            session.Announcer.FoundComplete(now);
        session.Resume.Touch(now);
        session.PublishStatus(now);
        session.Front.Completion.Set(true);
    }

    /// <summary>A file was checked again because somebody had touched it: pieces that are gone are fetched again.</summary>
    public void Rechecked(PieceSet verified, Exception? error, TimeSpan now)
    {
        if (error is not null)
            session.ReportProblem(error);
        if (Have is null)
            return;
        for (int piece = 0; piece < Have.PieceCount; piece++)
        {
            if (!Have[piece] || verified[piece])
                continue;
            Have.Remove(piece);
            session.Distrust(now);
            if (!Wanted![piece])
                continue;
            VerifiedBytes -= session.Torrent!.Layout.PieceSize(piece);
            Uncomplete();
            session.Swarm.PieceLost(piece, now);
        }
        if (error is null && HasAllWanted())
            Completed();
        session.Resume.Touch(now);
        session.PublishStatus(now);
    }

    private void Uncomplete()
    {
        if (!IsComplete)
            return;
        IsComplete = false;
        session.Front.Completion.Reset();
    }

    private bool HasAllWanted()
    {
        for (int piece = 0; piece < Have!.PieceCount; piece++)
        {
            if (Wanted![piece] && !Have[piece])
                return false;
        }
        return true;
    }

    private void Good(PieceVerdict verdict, TimeSpan now)
    {
        _hasFetched = true;
        if (Have!.Add(verdict.Piece) && Wanted![verdict.Piece])
            VerifiedBytes += session.Torrent!.Layout.PieceSize(verdict.Piece);
        session.ClearProblem();
        Telemetry.PiecesVerified.Add(1);
        if (verdict.HasDigests && session.Swarm.WantsDigests(verdict.Piece))
            session.Swarm.PieceGood(verdict.Piece, CollectionsMarshal.AsSpan(verdict.Contributions), now);
        session.Swarm.PieceVerified(verdict.Piece, now);
        session.Resume.Touch(now);
    }

    private void Bad(PieceVerdict verdict, TimeSpan now)
    {
        ClientLog.PieceFailed(session.Logger, session.InfoHash, verdict.Piece);
        session.Traffic.WastedBytes += session.Torrent!.Layout.PieceSize(verdict.Piece);
        Telemetry.PiecesFailed.Add(1);
        session.Store!.WantBlockHashes(verdict.Piece);
        session.Swarm.PieceFailed(verdict.Piece, CollectionsMarshal.AsSpan(verdict.Contributions), now);
    }

    private void WriteFailed(int piece, TorrentStorageException error, TimeSpan now)
    {
        ClientLog.WriteFailed(session.Logger, session.InfoHash, piece, error);
        if (!error.IsTransient)
        {
            session.TryFault(error, now);
            return;
        }
        session.ReportProblem(error);
        session.Swarm.PieceWriteFailed(piece, now);
    }

    private void Count()
    {
        VerifiedBytes = SelectedBytes = 0;
        for (int piece = 0; piece < Have!.PieceCount; piece++)
        {
            if (!Wanted![piece])
                continue;
            long size = session.Torrent!.Layout.PieceSize(piece);
            SelectedBytes += size;
            if (Have[piece])
                VerifiedBytes += size;
        }
    }
}
