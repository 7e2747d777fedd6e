namespace CcBt.Core.Floods.Attacks;

/// <summary>Every flood, in the order of the table.</summary>
internal static class FloodList
{
    public static IReadOnlyList<IFlood> All { get; } =
    [
        new ConnectionFlood("connections", isPaced: true),
        new ConnectionFlood("connection-burst", isPaced: false),
        new SlowHandshakes("slow-handshake", comesAgain: false),
        new SlowHandshakes("slow-handshake-again", comesAgain: true),
        new SlowMessages("slow-header", SlowMessages.Header, first: 1),
        new SlowMessages("slow-body", SlowMessages.Body, first: 1024),
        new RequestFlood(),
        new PexFlood(),
        new DhtFlood("dht-one-address", [DhtFlood.Global(0)]),
        new DhtFlood("dht-1000-addresses", [.. Enumerable.Range(0, 1000).Select(DhtFlood.Global)]),
        new DhtFlood("dht-private-address", [DhtFlood.Private]),
        new CutConnections(),
    ];
}
