using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>Who a DHT lookup is made for. Called on the owner.</summary>
internal interface IDhtLookupOwner
{
    void PeersFound(IReadOnlyList<PeerAddress> peers, TimeSpan now);

    /// <summary>One family's lookup is over; it found so many peers in all.</summary>
    void LookupEnded(int peers, TimeSpan now);
}
