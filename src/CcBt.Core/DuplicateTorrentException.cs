namespace CcBt.Core;

/// <summary>The client has a session for this info hash already; use that one, or dispose it first.</summary>
public sealed class DuplicateTorrentException : TorrentException
{
    internal DuplicateTorrentException(InfoHash infoHash)
        : base(TorrentErrorCode.Duplicate,
            $"The client already has a session for {infoHash}. Use that session, or dispose it before adding the torrent again.",
            infoHash.ToString(), isTransient: false, inner: null)
        => InfoHash = infoHash;

    /// <summary>The info hash that both torrents have.</summary>
    public InfoHash InfoHash { get; }
}
