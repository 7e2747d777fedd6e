namespace CcBt.Core;

/// <summary>What begins the download of a session.</summary>
public enum StartMode
{
    /// <summary>Nothing touches the network before <see cref="TorrentSession.StartAsync"/> is called. This is the default.</summary>
    WhenCalled = 0,

    /// <summary>Discovery runs from the moment the torrent is added, and the first peers found begin the start.</summary>
    WhenPeersFound = 1,
}
