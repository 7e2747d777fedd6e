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
        {
            session.Front.Kept.Set(true);
            return;
        }
        session.Front.Kept.Fail(error);
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
        (byte[] peers, byte[] peers6) = Compact(session.Links.All.Where(p => p.Link.IsOutbound).Select(p => p.Link.Remote));
        (byte[] given, byte[] given6) = Compact(session.Options.Peers.Select(PeerAddress.From).Where(p => p.Port != 0).Take(Limits.SavedPeers));
        session.Traffic.Count(session.Links.All);
        return former with
        {
            HashV1 = torrent?.InfoHashV1 ?? magnet?.InfoHashV1 ?? former.HashV1,
            HashV2 = torrent?.InfoHashV2 ?? magnet?.InfoHashV2 ?? former.HashV2,
            Name = torrent?.Name ?? session.Setup.Name,
            Info = torrent?.RawInfo ?? default,
            Trackers = Trackers(torrent, magnet),
            Magnet = torrent is null ? magnet?.ToString() : null,
            WebSeeds = torrent?.WebSeeds ?? magnet?.WebSeeds ?? [],
            SaveDirectory = session.Options.SaveDirectory,
            Wanted = session.Selection.Wanted ?? former.Wanted,
            DownloadLimit = LimitOf(session.Front.Rates.DownloadBytesPerSecond),
            UploadLimit = LimitOf(session.Front.Rates.UploadBytesPerSecond),
            MaxConnections = session.Options.MaxConnections,
            TrustsFiles = session.TrustsFiles,
            StartMode = (long)session.Options.Start,
            IsPaused = session.IsPaused,
            IsStarted = session.Start.HasBegun || former.IsStarted,
            IsClosed = !end.RestoresOnOpen,
            Peers = peers,
            Peers6 = peers6,
            GivenPeers = given,
            GivenPeers6 = given6,
            Uploaded = session.Traffic.UploadedBytes,
            Downloaded = session.Traffic.DownloadedBytes,
        };
    }

    /// <summary>Tiers as they were given, then what the user added as tiers of one; added anew, a tracker does not come twice.</summary>
    private IReadOnlyList<IReadOnlyList<string>> Trackers(Torrent? torrent, MagnetLink? magnet)
    {
        List<IReadOnlyList<string>> tiers = [.. torrent?.Trackers ?? []];
        var known = new HashSet<string>(tiers.SelectMany(static t => t), StringComparer.Ordinal);
        foreach (string tracker in (torrent is null ? magnet?.Trackers ?? [] : []).Concat(session.Options.Trackers))
        {
            if (known.Add(tracker))
                tiers.Add([tracker]);
        }
        return tiers;
    }

    private static long? LimitOf(long bytesPerSecond) => bytesPerSecond == 0 ? null : bytesPerSecond;

    private static (byte[] V4, byte[] V6) Compact(IEnumerable<PeerAddress> peers)
    {
        var v4 = new MemoryStream();
        var v6 = new MemoryStream();
        Span<byte> compact = stackalloc byte[CompactAddresses.V6Length];
        foreach (PeerAddress peer in peers)
            (peer.IsV6 ? v6 : v4).Write(compact[..CompactAddresses.Write(peer, compact)]);
        return (v4.ToArray(), v6.ToArray());
    }
}
