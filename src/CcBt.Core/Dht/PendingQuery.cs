using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>One of our queries: what it asks, of whom and for what; it waits for an answer from exactly that address.</summary>
internal sealed class PendingQuery(QueryKind kind, PeerAddress to)
{
    public QueryKind Kind { get; } = kind;

    public PeerAddress To { get; } = to;

    /// <summary>What a find_node, get_peers or announce_peer is about.</summary>
    public NodeId Target { get; init; }

    /// <summary>The token of an announce, as the asked node gave it.</summary>
    public byte[]? Token { get; init; }

    /// <summary>The port of an announce.</summary>
    public ushort Port { get; init; }

    /// <summary>Whether an announce asks the node to take the datagram's source port.</summary>
    public bool ImpliedPort { get; init; }

    /// <summary>The lookup this query works for; null for pings and announces.</summary>
    public Lookup? Lookup { get; init; }

    /// <summary>The lookup's candidate that is asked.</summary>
    public LookupCandidate? Candidate { get; init; }

    /// <summary>How often an announce may still be sent again.</summary>
    public int RepeatsLeft { get; set; }

    public uint Transaction { get; set; }

    public TimeSpan SentAt { get; set; }

    /// <summary>Answered, or given up.</summary>
    public bool IsDone { get; set; }
}
