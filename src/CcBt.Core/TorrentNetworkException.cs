namespace CcBt.Core;

/// <summary>An address cannot be listened on. Trackers, nodes and peers that fail are no exceptions: the session goes on without them.</summary>
public sealed class TorrentNetworkException : TorrentException
{
    internal TorrentNetworkException(TorrentErrorCode code, string message, string place, bool isTransient, Exception? inner = null)
        : base(code, message, place, isTransient, inner)
    {
    }
}
