using System.Net;

namespace CcBt.Core;

/// <summary>How a torrent is added. Immutable; checked when it is given to the client.</summary>
public sealed record AddTorrentOptions
{
    internal const int LeastConnections = 1;
    internal const int MostConnections = 2000;

    /// <summary>The directory that the torrent's files are written below. Required; it is created when missing.</summary>
    public string SaveDirectory { get; init; } = "";

    /// <summary>What begins the download. The default is <see cref="StartMode.WhenCalled"/>.</summary>
    public StartMode Start { get; init; } = StartMode.WhenCalled;

    /// <summary>
    /// Chooses the files to download, asked once for each file when the metadata is known. Null (the default) chooses all. Over a restart the choice is kept,
    /// the function is not: a session that closed before its metadata was known comes back with all files chosen.
    /// </summary>
    public Func<TorrentFile, bool>? FileFilter { get; init; }

    /// <summary>Peers that are known from the beginning. The default is none.</summary>
    public IReadOnlyList<IPEndPoint> Peers { get; init; } = [];

    /// <summary>Trackers beside those of the torrent, each a tier of its own. The default is none.</summary>
    public IReadOnlyList<string> Trackers { get; init; } = [];

    /// <summary>
    /// Takes the files on disk as complete without hashing them, if all are there with their right lengths. The default is false. Wrong data is then found only
    /// by peers. It counts until the first time that a piece turns out to be missing.
    /// </summary>
    public bool TrustFiles { get; init; }

    /// <summary>The most payload bytes received per second; 0 (the default) means unlimited.</summary>
    public long DownloadBytesPerSecond { get; init; }

    /// <summary>The most payload bytes sent per second; 0 (the default) means unlimited.</summary>
    public long UploadBytesPerSecond { get; init; }

    /// <summary>The most peers connected at once, from 1 to 2,000. The default is 100.</summary>
    public int MaxConnections { get; init; } = 100;

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(SaveDirectory))
            throw new ArgumentException($"{nameof(SaveDirectory)} must name a directory.", nameof(SaveDirectory));
        OptionChecks.Defined(Start, nameof(Start));
        OptionChecks.NotNull(Peers, nameof(Peers));
        OptionChecks.NotNull(Trackers, nameof(Trackers));
        OptionChecks.NotNegative(DownloadBytesPerSecond, nameof(DownloadBytesPerSecond));
        OptionChecks.NotNegative(UploadBytesPerSecond, nameof(UploadBytesPerSecond));
        OptionChecks.InRange(MaxConnections, LeastConnections, MostConnections, nameof(MaxConnections));
    }
}
