using System.Text.Json;

namespace CcBt.Core.Floods.Library;

/// <summary>What the library says of itself.</summary>
internal sealed record LibraryState
{
    public int ConnectedPeers { get; init; }

    public int KnownPeers { get; init; }

    public long UploadedBytes { get; init; }

    public long VerifiedBytes { get; init; }

    public bool IsComplete { get; init; }

    /// <summary>Bytes of the managed heap, after a collection if one was asked for.</summary>
    public long ManagedBytes { get; init; }

    /// <summary>Bytes that the managed heap has taken from the system, as of the last collection.</summary>
    public long CommittedBytes { get; init; }

    public override string ToString() => JsonSerializer.Serialize(this);

    public static LibraryState Read(string json) => JsonSerializer.Deserialize<LibraryState>(json)!;
}
