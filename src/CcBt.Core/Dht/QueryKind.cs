namespace CcBt.Core.Dht;

/// <summary>The four queries of BEP 5.</summary>
internal enum QueryKind
{
    Ping = 0,
    FindNode,
    GetPeers,
    AnnouncePeer,
}
