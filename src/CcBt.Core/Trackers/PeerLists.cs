using CcBt.Core.Addressing;

namespace CcBt.Core.Trackers;

/// <summary>Gathers the usable peers of an answer, up to the limit.</summary>
internal static class PeerLists
{
    public static void AddCompact(ReadOnlySpan<byte> compact, int entryLength, List<PeerAddress> peers)
    {
        for (; compact.Length >= entryLength; compact = compact[entryLength..])
        {
            if (CompactAddresses.TryRead(compact[..entryLength], out PeerAddress address) && !TryAdd(address, peers))
                return;
        }
    }

    /// <summary>False when the answer is full; an address that can be no peer is passed over.</summary>
    public static bool TryAdd(PeerAddress address, List<PeerAddress> peers)
    {
        if (peers.Count >= Limits.TrackerPeersPerAnswer)
            return false;
        if (address.Classify() != AddressClass.Unusable)
            peers.Add(address);
        return true;
    }
}
