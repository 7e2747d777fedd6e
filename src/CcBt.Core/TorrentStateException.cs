namespace CcBt.Core;

/// <summary>The call does not fit the state that the session or client is in, for example a version 2 torrent that this version cannot transfer.</summary>
public sealed class TorrentStateException : TorrentException
{
    internal TorrentStateException(TorrentErrorCode code, string message, string place, bool isTransient, Exception? inner = null)
        : base(code, message, place, isTransient, inner)
    {
    }
}
