namespace CcBt.Core;

internal static partial class Limits
{
    /// <summary>How long a connection may take to be made.</summary>
    public const int ConnectSeconds = 10;

    /// <summary>How long a peer may take over its handshake; a slow-loris holds a place no longer.</summary>
    public const int HandshakeSeconds = 10;

    /// <summary>How long one message may be under way; a block over a link of 140 B/s takes as long.</summary>
    public const int MessageSeconds = 120;

    /// <summary>How long a link may be silent: peers send something every two minutes (BEP 3).</summary>
    public const int IdleSeconds = 180;

    /// <summary>After how long a silence of ours a keep-alive is sent.</summary>
    public const int KeepAliveSeconds = 100;

    /// <summary>Inbound connections whose handshake has not come.</summary>
    public const int HalfOpenInbound = 100;

    /// <summary>Inbound connections without a handshake from one global address.</summary>
    public const int HalfOpenInboundPerAddress = 5;

    /// <summary>Networks whose half-open connection had to give way to another one and that have sent no handshake since.</summary>
    public const int NetworksThatGaveWay = 1_000;

    /// <summary>Connections that the operating system holds until the accept loop has its turn; one that finds no room tries again a second later.</summary>
    public const int ListenBacklog = 1_024;

    /// <summary>Requests that we tell a peer it may queue (reqq, BEP 10).</summary>
    public const int AdvertisedRequests = 500;

    /// <summary>Requests of a peer that are queued; 24 KB. Further ones are refused.</summary>
    public const int QueuedRequests = 2_000;

    /// <summary>Requests out of the torrent's bounds, or for pieces we lack, before the link ends.</summary>
    public const int InvalidRequests = 300;

    /// <summary>Requests of a peer whose queue is full before the link ends: each costs a reject. It was told to keep to a quarter of the queue.</summary>
    public const int OverfullRequests = 10_000;

    /// <summary>Requests of a choked peer before the link ends; a full pipeline may still be on its way when it is choked.</summary>
    public const int ChokedRequests = 4_000;

    /// <summary>Leases of one link; requests beyond what a peer queues would be refused.</summary>
    public const int LeasesPerLink = 2_000;

    /// <summary>
    /// Messages that wait for a peer to read, the one that is being sent included: what a peer has to be told of 200,000 pieces that were
    /// checked after it had connected. One that does not read is let go.
    /// </summary>
    public const int SendQueueBytes = 2 << 20;

    /// <summary>The same, before a message that a peer can ask for (metadata) or that is large is added.</summary>
    public const int SendPayloadQueueBytes = 500_000;

    /// <summary>Blocks of one gathered send: with their heads they fill a buffer of 256 KiB.</summary>
    public const int BlocksPerSend = 15;

    /// <summary>The largest receive: a copy from a buffer of this size still comes from the processor's cache.</summary>
    public const int ReceiveBytes = 256 << 10;

    /// <summary>What a busy link lets gather in the kernel, for two milliseconds at most, before it wakes: as much as a full window brings.</summary>
    public const int GatheredReceiveBytes = 4 << 20;

    /// <summary>Leases from which on a busy link lets bytes gather; with fewer the next block is worth a wake.</summary>
    public const int GatheringLeases = 32;

    /// <summary>The largest receive of a link that has no thread of its own.</summary>
    public const int AwaitedReceiveBytes = 64 << 10;

    /// <summary>Threads of a client that block in receives for its busiest links; more links share the thread pool.</summary>
    public const int ReceiveThreads = 8;

    /// <summary>Threads of a client that wait for connections and handshakes that they have begun; more dials are awaited.</summary>
    public const int DialThreads = 8;

    /// <summary>What a link receives within a second before it gets a thread of its own.</summary>
    public const int BusyBytesPerSecond = 1 << 20;

    /// <summary>Reports of one link that the owner has not returned; more is gathered in the next one.</summary>
    public const int ReportsInFlight = 16;

    /// <summary>Messages gathered while the owner is behind; the link is not read until it has caught up.</summary>
    public const int MessagesGathered = 4_096;
}
