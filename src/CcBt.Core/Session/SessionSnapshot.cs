using CcBt.Core.Swarm;
using CcBt.Core.Transport;

namespace CcBt.Core.Session;

/// <summary>Takes the pictures of a session that its users see.</summary>
internal static class SessionSnapshot
{
    public static void Publish(SessionCore session, TimeSpan now)
    {
        SessionFront front = session.Front;
        session.Traffic.Count(session.Links.All);
        front.Peers = Peers(session, now);
        front.Trackers = session.Announcer.Snapshot(now);
        front.Board.Publish(Status(session, session.Swarm.Snapshot(now)));
    }

    private static SessionStatus Status(SessionCore session, in SwarmSnapshot swarm) => new()
    {
        State = StateOf(session),
        Name = session.Torrent?.Name ?? session.Setup.Name,
        HasMetadata = session.Torrent is not null,
        IsComplete = session.Progress.IsComplete,
        SelectedBytes = session.Progress.SelectedBytes,
        VerifiedBytes = session.Progress.VerifiedBytes,
        PieceCount = session.Torrent?.PieceCount ?? 0,
        VerifiedPieces = session.Progress.Have?.Count ?? 0,
        CheckProgress = session.Start.CheckProgress,
        DownloadedBytes = session.Traffic.DownloadedBytes,
        UploadedBytes = session.Traffic.UploadedBytes,
        WastedBytes = session.Traffic.WastedBytes,
        DownloadBytesPerSecond = session.Traffic.DownBytesPerSecond,
        UploadBytesPerSecond = session.Traffic.UpBytesPerSecond,
        ConnectedPeers = session.Links.Count,
        ConnectedSeeds = swarm.Seeds,
        KnownPeers = swarm.Candidates,
        IsDiskBusy = session.Driver.IsDiskBusy,
        Error = session.Problem,
    };

    public static SessionState StateOf(SessionCore session)
    {
        if (session.IsReleased)
            return SessionState.Closed;
        if (session.IsFaulted)
            return SessionState.Faulted;
        if (session.IsPaused)
            return SessionState.Paused;
        if (session.Start.IsStarted)
            return session.Progress.IsComplete ? SessionState.Seeding : SessionState.Downloading;
        return session.Start.Stage switch
        {
            StartStage.WaitingForMetadata => SessionState.WaitingForMetadata,
            StartStage.OpeningStorage or StartStage.Arming => SessionState.OpeningStorage,
            StartStage.Checking => SessionState.Checking,
            _ => SessionState.Idle,
        };
    }

    private static List<PeerStatus> Peers(SessionCore session, TimeSpan now)
    {
        var peers = new List<PeerStatus>(session.Links.Count);
        foreach (PeerState peer in session.Links.All)
        {
            LinkTraffic traffic = peer.Link.Traffic;
            if (session.Swarm.Link(peer.Link.Id, now) is not { } status)
                continue;
            peers.Add(new PeerStatus
            {
                EndPoint = peer.Link.Remote.ToEndPoint(),
                Client = peer.ClientName,
                IsInbound = !peer.Link.IsOutbound,
                IsSeed = status.IsSeed,
                Progress = status.IsSeed ? 1 : session.Torrent is { PieceCount: > 0 } torrent ? (double)status.PieceCount / torrent.PieceCount : 0,
                DownloadBytesPerSecond = (long)status.DownloadRate,
                UploadBytesPerSecond = (long)status.UploadRate,
                DownloadedBytes = traffic.PayloadReceivedBytes,
                UploadedBytes = traffic.PayloadSentBytes,
            });
        }
        return peers;
    }
}
