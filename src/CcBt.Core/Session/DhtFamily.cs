using CcBt.Core.Dht;

namespace CcBt.Core.Session;

/// <summary>The DHT node of one address family and the UDP port it is reached at.</summary>
internal sealed record DhtFamily(DhtNode Node, bool IsV6, ushort Port)
{
    /// <summary>Whether anybody was ever named to ask. Without, a lookup waits for as long as it takes.</summary>
    public bool HasContacts { get; set; }
}
