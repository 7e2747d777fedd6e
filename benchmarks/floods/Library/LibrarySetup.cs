using System.Text.Json;

namespace CcBt.Core.Floods.Library;

/// <summary>How the library is opened in its process.</summary>
internal sealed record LibrarySetup
{
    public string Torrent { get; init; } = "";

    public string Folder { get; init; } = "";

    /// <summary>Whether the payload lies in the folder.</summary>
    public bool Seeds { get; init; } = true;

    /// <summary>Null: what the library takes by default.</summary>
    public int? MaxConnections { get; init; }

    public bool EnableDht { get; init; }

    /// <summary>Peers, as address:port, that are told to it.</summary>
    public IReadOnlyList<string> Peers { get; init; } = [];

    public override string ToString() => JsonSerializer.Serialize(this);

    public static LibrarySetup Read(string json) => JsonSerializer.Deserialize<LibrarySetup>(json)!;
}
