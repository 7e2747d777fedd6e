using CcBt.Core.Metainfo;

namespace CcBt.Core.Storage;

/// <summary>What a store is opened with. <see cref="Budget"/> and <see cref="Handles"/> belong to the client and outlive the store.</summary>
internal sealed record StorageOptions
{
    /// <summary>The save directory; created at the first write.</summary>
    public required string Directory { get; init; }

    /// <summary>The info hash in hexadecimal: names the parts file and is checked in it.</summary>
    public required string Name { get; init; }

    public required FileLayout Layout { get; init; }

    /// <summary>In the order of the layout's file indexes.</summary>
    public required IReadOnlyList<StoredFile> Files { get; init; }

    public required IPieceVerifier Verifier { get; init; }

    public required WriteBudget Budget { get; init; }

    public required HandleCache Handles { get; init; }

    /// <summary>One flag a file; null selects all.</summary>
    public IReadOnlyList<bool>? Wanted { get; init; }

    /// <summary>Takes each piece's end, from any thread; it owns the verdict and returns it.</summary>
    public Action<PieceVerdict>? PieceEnded { get; init; }

    /// <summary>Buffers are free again after a refused piece; from any thread.</summary>
    public Action? BudgetFreed { get; init; }

    /// <summary>
    /// A file could not be read as it should, or was changed by somebody else: its pieces are no longer served, and it wants a
    /// <see cref="TorrentStorage.CheckFileAsync"/>. From any thread, once until it is checked; <see cref="PartsFile.Index"/> means the parts file.
    /// </summary>
    public Action<int>? FileSuspected { get; init; }

    /// <summary>Nothing is created or written, as for a verification.</summary>
    public bool IsReadOnly { get; init; }

    public IDisk Disk { get; init; } = OperatingSystemDisk.Instance;
}
