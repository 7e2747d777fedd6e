using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace CcBt.Core.Storage;

/// <summary>
/// Reads files one behind the other in large runs, and hashes their pieces on all cores at the same time. Memory is bounded by the
/// buffers that go around. One run per instance.
/// </summary>
internal sealed class PayloadHasher
{
    private const int LeastRun = 1024 * 1024;
    private const long BufferBudget = 256L * 1024 * 1024;

    private readonly Payload _payload;
    private readonly int _pieceLength;
    private readonly int _runLength;
    private readonly int _buffers;
    private readonly IProgress<HashProgress>? _progress;
    private readonly byte[] _hashes;
    private readonly Channel<byte[]> _free = Channel.CreateUnbounded<byte[]>();
    private readonly Channel<(byte[] Buffer, int Length, long Offset)> _filled = Channel.CreateUnbounded<(byte[] Buffer, int Length, long Offset)>();
    private readonly object _progressLock = new();
    private long _bytesDone;

    public PayloadHasher(Payload payload, int pieceLength, IProgress<HashProgress>? progress)
    {
        _payload = payload;
        _pieceLength = pieceLength;
        _progress = progress;
        // Whole pieces in each run, so that a piece is hashed from one buffer.
        _runLength = (int)Math.Min(Math.Max(pieceLength, LeastRun / pieceLength * pieceLength), RoundUp(payload.Length));
        _buffers = (int)Math.Clamp(BufferBudget / _runLength, 2, Environment.ProcessorCount + 1);
        _hashes = new byte[RoundUp(payload.Length) / pieceLength * SHA1.HashSizeInBytes];
    }

    /// <summary>The SHA-1 of each piece, 20 bytes each.</summary>
    public async Task<byte[]> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        for (int i = 0; i < _buffers; i++)
            _free.Writer.TryWrite(new byte[_runLength]);
        var tasks = new List<Task> { GuardAsync(ReadAsync, stop) };
        for (int i = 1; i < _buffers; i++)
            tasks.Add(GuardAsync(HashAsync, stop));
        try
        {
            // A failure wins over the cancellations that it caused.
            await Task.WhenAll(tasks).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        return _hashes;
    }

    private static async Task GuardAsync(Func<CancellationToken, Task> work, CancellationTokenSource stop)
    {
        try
        {
            await Task.Run(() => work(stop.Token), stop.Token).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = await _free.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        int filled = 0;
        long offset = 0;
        foreach (PayloadFile file in _payload.Files)
        {
            // Nothing is read from a file without content, so it need not be opened either.
            if (file.Length == 0)
                continue;
            using SafeFileHandle handle = Open(file);
            for (long at = 0; at < file.Length;)
            {
                int wanted = (int)Math.Min(buffer.Length - filled, file.Length - at);
                int read = await ReadAsync(file, handle, buffer.AsMemory(filled, wanted), at, cancellationToken).ConfigureAwait(false);
                at += read;
                filled += read;
                if (filled < buffer.Length)
                    continue;
                _filled.Writer.TryWrite((buffer, filled, offset));
                offset += filled;
                filled = 0;
                buffer = await _free.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            if (RandomAccess.GetLength(handle) != file.Length)
                throw Changed(file);
        }
        if (filled > 0)
            _filled.Writer.TryWrite((buffer, filled, offset));
        _filled.Writer.Complete();
    }

    private static SafeFileHandle Open(PayloadFile file)
    {
        try
        {
            return File.OpenHandle(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception exception) when (StorageErrors.IsFileError(exception))
        {
            throw StorageErrors.From(exception, file.FullPath);
        }
    }

    private static async ValueTask<int> ReadAsync(PayloadFile file, SafeFileHandle handle, Memory<byte> buffer, long at, CancellationToken cancellationToken)
    {
        try
        {
            int read = await RandomAccess.ReadAsync(handle, buffer, at, cancellationToken).ConfigureAwait(false);
            return read > 0 ? read : throw Changed(file);
        }
        catch (Exception exception) when (StorageErrors.IsFileError(exception))
        {
            throw StorageErrors.From(exception, file.FullPath);
        }
    }

    private static TorrentStorageException Changed(PayloadFile file)
        => new(TorrentErrorCode.StorageFailure, $"'{file.FullPath}' changed its length while it was hashed; try again when nobody writes to it.", file.FullPath, isTransient: true);

    private async Task HashAsync(CancellationToken cancellationToken)
    {
        await foreach ((byte[] buffer, int length, long offset) in _filled.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            for (int at = 0; at < length; at += _pieceLength)
            {
                int piece = (int)((offset + at) / _pieceLength);
                SHA1.HashData(buffer.AsSpan(at, Math.Min(_pieceLength, length - at)), _hashes.AsSpan(piece * SHA1.HashSizeInBytes));
            }
            _free.Writer.TryWrite(buffer);
            Report(length);
        }
    }

    /// <summary>Under a lock, so that what is reported never falls.</summary>
    private void Report(int bytes)
    {
        if (_progress is null)
            return;
        lock (_progressLock)
        {
            _bytesDone += bytes;
            _progress.Report(new HashProgress(_bytesDone, _payload.Length));
        }
    }

    private long RoundUp(long length) => (length + _pieceLength - 1) / _pieceLength * _pieceLength;
}
