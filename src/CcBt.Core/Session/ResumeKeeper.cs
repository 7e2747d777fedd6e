using CcBt.Core.Addressing;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>Keeps a session's saved state up to date: at most one save under way, and no change older than the save interval.</summary>
internal sealed class ResumeKeeper(SessionCore session)
{
    private TimeSpan _saveAt = TimeSpan.MaxValue;

    public TimeSpan NextDeadline => IsSaving ? TimeSpan.MaxValue : _saveAt;

    /// <summary>A save is under way.</summary>
    public bool IsSaving { get; private set; }

    private bool IsOn => session.Core.Options.StateDirectory is not null;

    /// <summary>Something worth keeping has changed.</summary>
    public void Touch(TimeSpan now)
    {
        TimeSpan due = now + session.Core.Options.SaveInterval;
        if (IsOn && due < _saveAt)
            _saveAt = due;
    }

    /// <summary>Saves without waiting for the interval.</summary>
    public void SaveNow(TimeSpan now)
    {
        if (IsOn)
            _saveAt = now;
    }

    public void Advance(TimeSpan now)
    {
        if (now < NextDeadline)
            return;
        _saveAt = TimeSpan.MaxValue;
        IsSaving = true;
        ResumeData data = Build(SessionEnd.ClientClosed);
        if (session.Store is { } store)
            store.BeginSave(data);
        else
            session.Core.Edges.SaveState(session, data);
    }

    public void Saved(Exception? error, TimeSpan now)
    {
        IsSaving = false;
        if (error is null)
            return;
        ClientLog.SaveFailed(session.Logger, session.InfoHash.ToString(), error);
        Touch(now);
    }

    /// <summary>The state to be saved when the session closes; null when nothing is kept.</summary>
    public ResumeData? Take(SessionEnd end) => IsOn ? Build(end) : null;

    private ResumeData Build(SessionEnd end)
    {
        ResumeData former = session.Setup.Resume ?? new ResumeData();
        Torrent? torrent = session.Torrent;
        MagnetLink? magnet = session.Setup.Magnet;
        (byte[] peers, byte[] peers6) = Peers();
        session.Traffic.Count(session.Links.All);
        return former with
        {
            HashV1 = torrent?.InfoHashV1 ?? magnet?.InfoHashV1 ?? former.HashV1,
            HashV2 = torrent?.InfoHashV2 ?? magnet?.InfoHashV2 ?? former.HashV2,
            Name = torrent?.Name ?? session.Setup.Name,
            Info = torrent?.RawInfo ?? default,
            Trackers = [.. torrent?.Trackers ?? [], .. Singles(torrent is null ? magnet?.Trackers : null), .. Singles(session.Options.Trackers)],
            WebSeeds = torrent?.WebSeeds ?? magnet?.WebSeeds ?? [],
            SaveDirectory = session.Options.SaveDirectory,
            Wanted = session.Selection.Wanted ?? former.Wanted,
            DownloadLimit = LimitOf(session.Front.Rates.DownloadBytesPerSecond),
            UploadLimit = LimitOf(session.Front.Rates.UploadBytesPerSecond),
            IsPaused = session.IsPaused,
            IsStarted = session.IsArmed,
            IsClosed = !end.RestoresOnOpen,
            Peers = peers,
            Peers6 = peers6,
            Uploaded = session.Traffic.UploadedBytes,
            Downloaded = session.Traffic.DownloadedBytes,
        };
    }

    /// <summary>Trackers that each are a tier of their own.</summary>
    private static IEnumerable<IReadOnlyList<string>> Singles(IEnumerable<string>? trackers) => (trackers ?? []).Select(t => (IReadOnlyList<string>)[t]);

    private static long? LimitOf(long bytesPerSecond) => bytesPerSecond == 0 ? null : bytesPerSecond;

    /// <summary>The connected peers that can be dialled again.</summary>
    private (byte[] V4, byte[] V6) Peers()
    {
        var v4 = new MemoryStream();
        var v6 = new MemoryStream();
        Span<byte> compact = stackalloc byte[CompactAddresses.V6Length];
        foreach (PeerState peer in session.Links.All)
        {
            if (!peer.Link.IsOutbound)
                continue;
            int length = CompactAddresses.Write(peer.Link.Remote, compact);
            (peer.Link.Remote.IsV6 ? v6 : v4).Write(compact[..length]);
        }
        return (v4.ToArray(), v6.ToArray());
    }
}
