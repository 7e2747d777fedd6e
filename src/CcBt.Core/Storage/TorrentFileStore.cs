namespace CcBt.Core.Storage;

/// <summary>Reads and writes .torrent files on disk.</summary>
internal static class TorrentFileStore
{
    private const int BufferLength = 64 * 1024;

    public static async Task<byte[]> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, useAsync: true);
            await using (file.ConfigureAwait(false))
                return await ReadBoundedAsync(file, path, maxBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (StorageErrors.IsFileError(exception))
        {
            throw StorageErrors.From(exception, path);
        }
    }

    public static async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string temporary = path + ".tmp";
        try
        {
            var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1, useAsync: true);
            await using (file.ConfigureAwait(false))
            {
                await file.WriteAsync(content, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (StorageErrors.IsFileError(exception))
        {
            Discard(temporary);
            throw StorageErrors.From(exception, path);
        }
        catch (OperationCanceledException)
        {
            Discard(temporary);
            throw;
        }
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (StorageErrors.IsFileError(exception))
        {
            // What could not be written can often not be deleted either; the first failure is the one to tell.
        }
    }

    /// <summary>Devices and pipes say they have no length, so what really comes is counted as well.</summary>
    private static async Task<byte[]> ReadBoundedAsync(FileStream file, string path, int maxBytes, CancellationToken cancellationToken)
    {
        if (file.CanSeek && file.Length > maxBytes)
            throw TooLong(path, maxBytes);
        using var content = new MemoryStream();
        var buffer = new byte[BufferLength];
        int read;
        while ((read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            await content.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            if (content.Length > maxBytes)
                throw TooLong(path, maxBytes);
        }
        return content.ToArray();
    }

    private static TorrentFormatException TooLong(string path, int maxBytes)
        => new(TorrentErrorCode.InvalidTorrent, $"'{path}' is longer than the {maxBytes} bytes that a torrent file may have.", "torrent");
}
