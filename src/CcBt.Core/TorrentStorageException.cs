namespace CcBt.Core;

/// <summary>A file or directory could not be opened, read, written or renamed.</summary>
public sealed class TorrentStorageException : TorrentException
{
    internal TorrentStorageException(TorrentErrorCode code, string message, string place, bool isTransient, Exception? inner = null)
        : base(code, message, place, isTransient, inner)
    {
    }
}
