namespace CcBt.Core.Storage;

/// <summary>
/// What is remembered of a session between runs. Immutable. Everything but a hash may be absent. Keys that this version does not
/// know are kept in <see cref="Unknown"/> and written again.
/// </summary>
internal sealed record ResumeData
{
    public InfoHash? HashV1 { get; init; }

    public InfoHashV2? HashV2 { get; init; }

    public string? Name { get; init; }

    /// <summary>The info dictionary as it was found; empty while only the magnet link is known.</summary>
    public ReadOnlyMemory<byte> Info { get; init; }

    public IReadOnlyList<IReadOnlyList<string>> Trackers { get; init; } = [];

    public IReadOnlyList<string> WebSeeds { get; init; } = [];

    public string? SaveDirectory { get; init; }

    /// <summary>The pieces that were had, as a bitfield (BEP 3); compare its length with the torrent before use.</summary>
    public ReadOnlyMemory<byte> Have { get; init; }

    /// <summary>Length and write time of each file when the pieces were saved.</summary>
    public IReadOnlyList<DiskFileInfo> Files { get; init; } = [];

    public DiskFileInfo Parts { get; init; } = DiskFileInfo.Missing;

    /// <summary>One flag a file; null when all are selected.</summary>
    public IReadOnlyList<bool>? Wanted { get; init; }

    /// <summary>Bytes a second; null is unlimited.</summary>
    public long? DownloadLimit { get; init; }

    /// <summary>Bytes a second; null is unlimited.</summary>
    public long? UploadLimit { get; init; }

    /// <summary>The most peers at once; null is the default.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>The user vouched for the files, and nothing has shown otherwise.</summary>
    public bool TrustsFiles { get; init; }

    /// <summary>What begins the download, as the number of <see cref="StartMode"/>.</summary>
    public long StartMode { get; init; }

    public bool IsPaused { get; init; }

    /// <summary>The start had succeeded once.</summary>
    public bool IsStarted { get; init; }

    /// <summary>The user closed the session: it is remembered for being added again, but does not come back by itself.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Known peers in compact form, 6 bytes each (BEP 23).</summary>
    public ReadOnlyMemory<byte> Peers { get; init; }

    /// <summary>Known IPv6 peers in compact form, 18 bytes each (BEP 7).</summary>
    public ReadOnlyMemory<byte> Peers6 { get; init; }

    /// <summary>Peers that the user named, in compact form.</summary>
    public ReadOnlyMemory<byte> GivenPeers { get; init; }

    /// <summary>IPv6 peers that the user named, in compact form.</summary>
    public ReadOnlyMemory<byte> GivenPeers6 { get; init; }

    /// <summary>The magnet link while the metadata is unknown: it says more than the fields here, such as which files are wanted.</summary>
    public string? Magnet { get; init; }

    public DateTimeOffset? AddedAt { get; init; }

    /// <summary>Payload bytes since the torrent was added.</summary>
    public long Uploaded { get; init; }

    /// <summary>Payload bytes since the torrent was added.</summary>
    public long Downloaded { get; init; }

    /// <summary>Keys of other versions with their encoded values.</summary>
    public IReadOnlyList<(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value)> Unknown { get; init; } = [];

    public byte[] ToBytes() => ResumeWriter.Write(this);

    /// <summary>Reads what <see cref="ToBytes"/> wrote. False when it is no dictionary or names no torrent; a field that is wrong counts as absent.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out ResumeData data) => ResumeReader.TryRead(bytes, out data);
}
