using CcBt.Core.Addressing;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>Reads a session's saved state back into what sessions are made from.</summary>
internal static class SavedSession
{
    /// <summary>A session that comes back when a client is opened; null when the state does not name what is needed.</summary>
    public static SessionSetup? ToSetup(ResumeData data)
    {
        if ((data.HashV1 ?? data.HashV2?.Truncated) is not { } infoHash || string.IsNullOrEmpty(data.SaveDirectory))
            return null;
        var options = new AddTorrentOptions
        {
            SaveDirectory = data.SaveDirectory,
            Start = data.StartMode == (long)StartMode.WhenPeersFound ? StartMode.WhenPeersFound : StartMode.WhenCalled,
            Peers = [.. Read(data.GivenPeers, data.GivenPeers6).Select(p => p.ToEndPoint())],
            TrustFiles = data.TrustsFiles,
            DownloadBytesPerSecond = Math.Max(0, data.DownloadLimit ?? 0),
            UploadBytesPerSecond = Math.Max(0, data.UploadLimit ?? 0),
        };
        if (data.MaxConnections is { } most)
            options = options with { MaxConnections = Math.Clamp(most, AddTorrentOptions.LeastConnections, AddTorrentOptions.MostConnections) };
        Torrent? torrent = TorrentOf(data);
        return new SessionSetup(infoHash, torrent, torrent is null ? MagnetOf(data) : null, options, data);
    }

    /// <summary>
    /// Adds what is remembered of a session to one that is added anew: the metadata, and which pieces were had in this directory. How it
    /// runs is chosen anew.
    /// </summary>
    public static SessionSetup Recall(SessionSetup setup, ResumeData data)
    {
        bool isSamePlace = data.SaveDirectory == setup.Options.SaveDirectory;
        ResumeData kept = data with { IsPaused = false, IsStarted = false, IsClosed = false, Wanted = null, DownloadLimit = null, UploadLimit = null };
        return setup with
        {
            Torrent = setup.Torrent ?? TorrentOf(data),
            Resume = isSamePlace ? kept : kept with { Have = default, Files = [] },
        };
    }

    public static Torrent? TorrentOf(ResumeData data)
        => !data.Info.IsEmpty && Torrent.TryFromInfo(data.Info, data.Trackers, data.WebSeeds, out Torrent? torrent, out _)
            && torrent.InfoHashV1 == data.HashV1 && torrent.InfoHashV2 == data.HashV2
            ? torrent
            : null;

    /// <summary>What the state says of the files; null when it does not fit the torrent.</summary>
    public static StorageSnapshot? SnapshotOf(ResumeData data, Torrent torrent)
        => PieceSet.TryRead(data.Have.Span, torrent.PieceCount, out PieceSet have) && data.Files.Count == torrent.Layout.FileCount
            ? new StorageSnapshot(have, data.Files, data.Parts)
            : null;

    public static PeerAddress[] PeersOf(ResumeData data) => Read(data.Peers, data.Peers6);

    private static PeerAddress[] Read(ReadOnlyMemory<byte> v4, ReadOnlyMemory<byte> v6)
    {
        var peers = new List<PeerAddress>();
        CompactAddresses.ReadAll(v4.Span, CompactAddresses.V4Length, peers, Limits.SavedPeers);
        CompactAddresses.ReadAll(v6.Span, CompactAddresses.V6Length, peers, Limits.SavedPeers);
        return [.. peers];
    }

    private static MagnetLink MagnetOf(ResumeData data)
    {
        bool isLinked = MagnetLink.TryParse(data.Magnet, out MagnetLink? link) && link.InfoHashV1 == data.HashV1 && link.InfoHashV2 == data.HashV2;
        return new MagnetLink(data.HashV1, data.HashV2)
        {
            Name = data.Name,
            Trackers = [.. data.Trackers.SelectMany(t => t)],
            WebSeeds = data.WebSeeds,
            Peers = isLinked ? link!.Peers : [],
            SelectedFiles = isLinked ? link!.SelectedFiles : [],
        };
    }
}
