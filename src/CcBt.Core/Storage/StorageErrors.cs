namespace CcBt.Core.Storage;

/// <summary>Turns what the system throws into the library's one storage error with its stable code.</summary>
internal static class StorageErrors
{
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int CrossDeviceLink = 18;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsNotSameDevice = unchecked((int)0x80070011);
    private const int WindowsWriteProtect = unchecked((int)0x80070013);

    private static int QuotaExceeded => OperatingSystem.IsMacOS() ? 69 : 122;

    /// <summary>Whether the exception tells of a file, also of one whose handle the client has closed, and not of a mistake in the program.</summary>
    public static bool IsFileError(Exception error)
        => error is IOException or UnauthorizedAccessException or TorrentStorageException or NotSupportedException or ObjectDisposedException or System.Security.SecurityException;

    public static bool IsMissing(Exception error) => error is FileNotFoundException or DirectoryNotFoundException;

    public static bool IsOtherVolume(Exception error)
        => error is IOException io && io.HResult is CrossDeviceLink or WindowsNotSameDevice;

    public static TorrentStorageException From(Exception error, string place)
    {
        if (error is TorrentStorageException known)
            return known;
        TorrentErrorCode code = CodeOf(error);
        string message = code switch
        {
            TorrentErrorCode.DiskFull => $"The disk that holds '{place}' is full; free some space and it goes on.",
            TorrentErrorCode.AccessDenied => $"Access to '{place}' is denied; give this user the right to write there or choose another directory.",
            _ => $"'{place}' could not be read or written: {error.Message}",
        };
        return new TorrentStorageException(code, message, place, code != TorrentErrorCode.AccessDenied, error);
    }

    private static TorrentErrorCode CodeOf(Exception error)
    {
        if (error is UnauthorizedAccessException or System.Security.SecurityException)
            return TorrentErrorCode.AccessDenied;
        int result = error.HResult;
        if (result is NoSpace or WindowsDiskFull or WindowsHandleDiskFull || result == QuotaExceeded)
            return TorrentErrorCode.DiskFull;
        return result is ReadOnlyFileSystem or WindowsWriteProtect ? TorrentErrorCode.AccessDenied : TorrentErrorCode.StorageFailure;
    }
}
