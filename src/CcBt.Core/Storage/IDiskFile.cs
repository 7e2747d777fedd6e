namespace CcBt.Core.Storage;

/// <summary>An open file. Reads and writes name their offset, so any number of threads may use one at once.</summary>
internal interface IDiskFile : IDisposable
{
    DiskFileInfo Info { get; }

    /// <summary>The name that the file was opened under still stands for it. False also where that cannot be told without a look at the name.</summary>
    bool HasItsName => false;

    /// <summary>Reads until <paramref name="destination"/> is full or the file ends; returns the bytes read.</summary>
    int Read(Span<byte> destination, long offset);

    void Write(ReadOnlySpan<byte> source, long offset);

    /// <summary>Writes all buffers, one behind the other, in as few calls as the system allows.</summary>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> sources, long offset);

    void SetLength(long length);

    /// <summary>Returns when everything written so far is on the medium.</summary>
    void Flush();

    /// <summary>The first byte at or behind <paramref name="offset"/> that may be other than zero; the file's length when only a hole follows.</summary>
    long NextData(long offset);
}
