namespace CcBt.Core.Tests.Architecture;

/// <summary>The rooms of one library and the arrows between them. The root namespace holds values and doors.</summary>
internal sealed class RoomMap
{
    private const string Root = "";

    /// <summary>Doors stand in the root and lead into rooms: to the owner, or where no session is needed straight to the room that does the work.</summary>
    private static readonly Dictionary<string, string[]> _doors = new()
    {
        ["TorrentClient"] = ["Session"],
        ["TorrentSession"] = ["Session"],
        ["Torrent"] = ["Metainfo", "Storage"],
        ["MagnetLink"] = ["Metainfo"],
        ["TorrentCreator"] = ["Metainfo", "Storage"],
        ["TorrentVerifier"] = ["Metainfo", "Storage", "Session"],
    };

    private static readonly string[] _pure = ["BEncoding", "Addressing", "Metainfo", "Wire", "Trackers", "Dht", "Utp", "Swarm"];

    private static readonly Room[] _rooms =
    [
        new("BEncoding", Band.Pure),
        new("Addressing", Band.Pure),
        new("Metainfo", Band.Pure, "BEncoding"),
        new("Wire", Band.Pure, "BEncoding", "Addressing"),
        new("Trackers", Band.Pure, "BEncoding", "Addressing"),
        new("Dht", Band.Pure, "BEncoding", "Addressing"),
        new("Utp", Band.Pure),
        new("Swarm", Band.Pure, "Wire", "Metainfo", "Addressing"),
        new("Storage", Band.Edge, "Metainfo", "BEncoding", "Wire"),
        new("Transport", Band.Edge, _pure),
        new("Session", Band.Owner, [.. _pure, "Storage", "Transport"]),
    ];

    private readonly string _rootNamespace;

    public RoomMap(string rootNamespace) => _rootNamespace = rootNamespace;

    /// <summary>Whether the type belongs to the library's own namespaces; the compiler's helpers and the framework do not.</summary>
    public bool Owns(string typeNamespace)
        => typeNamespace == _rootNamespace || typeNamespace.StartsWith(_rootNamespace + ".", StringComparison.Ordinal);

    /// <summary>The band of a top-level type; null when its folder is no room.</summary>
    public Band? BandOf(string typeNamespace, string typeName)
    {
        string room = RoomOf(typeNamespace);
        if (room == Root)
            return IsDoor(typeName) ? Band.Door : Band.Value;
        return _rooms.FirstOrDefault(r => r.Name == room)?.Band;
    }

    /// <summary>Whether a type may use another one; both are top-level types of the library.</summary>
    public bool Allows((string Namespace, string Name) from, (string Namespace, string Name) to)
    {
        string fromRoom = RoomOf(from.Namespace), toRoom = RoomOf(to.Namespace);
        if (toRoom == Root && !IsDoor(to.Name))
            return true;
        if (toRoom == Root)
            return fromRoom == "Session" || fromRoom == Root && IsDoor(from.Name);
        if (fromRoom == Root)
            return _doors.TryGetValue(from.Name, out string[]? rooms) && rooms.Contains(toRoom);
        return fromRoom == toRoom || _rooms.FirstOrDefault(r => r.Name == fromRoom)?.MayUse.Contains(toRoom) == true;
    }

    private static bool IsDoor(string typeName) => _doors.ContainsKey(typeName);

    private string RoomOf(string typeNamespace)
        => typeNamespace == _rootNamespace ? Root : typeNamespace[(_rootNamespace.Length + 1)..].Split('.')[0];
}
