namespace CcBt.Core.Session;

/// <summary>What <see cref="SeenPeers"/> knows of an address.</summary>
internal enum SeenResult
{
    /// <summary>No peer: port 0, an unusable address, our own, or banned.</summary>
    Refused = 0,
    Known,
    New,
}
