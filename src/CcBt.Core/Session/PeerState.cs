using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>What the owner knows of a connected peer beside what the swarm does.</summary>
internal sealed class PeerState(IPeerLink link, PeerId peerId, HandshakeFeatures features)
{
    public IPeerLink Link { get; } = link;

    public PeerId PeerId { get; } = peerId;

    public HandshakeFeatures Features { get; } = features;

    /// <summary>Payload of the link that is in the session's totals.</summary>
    public long CountedDown { get; set; }

    public long CountedUp { get; set; }

    public string ClientName { get; set; } = "";

    /// <summary>The id under which the peer takes ut_metadata messages; 0 when it takes none.</summary>
    public byte MetadataId { get; set; }

    /// <summary>The id under which the peer takes ut_pex messages; 0 when it takes none.</summary>
    public byte PexId { get; set; }

    /// <summary>The time up to which the peer's exchange messages so far are due.</summary>
    public TimeSpan PexUsedUntil { get; set; }

    public int MetadataRequestsServed { get; set; }

    public bool IsFast => (Features & HandshakeFeatures.Fast) != 0;

    /// <summary>We have ended the link; that it is closed is still to be told.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>What the link had received when it came into doubt; null when it is not.</summary>
    public long? DoubtedSince { get; set; }

    public void Close(LinkCloseReason reason)
    {
        IsClosing = true;
        Link.Close(reason);
    }
}
