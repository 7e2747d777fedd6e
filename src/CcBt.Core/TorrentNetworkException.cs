namespace CcBt.Core;

/// <summary>A socket could not be bound, or a tracker, node or peer failed in a way that the caller has to know.</summary>
public sealed class TorrentNetworkException : TorrentException
{
    internal TorrentNetworkException(TorrentErrorCode code, string message, string place, bool isTransient, Exception? inner = null)
        : base(code, message, place, isTransient, inner)
    {
    }
}
