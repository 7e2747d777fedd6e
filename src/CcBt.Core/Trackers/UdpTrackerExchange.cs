namespace CcBt.Core.Trackers;

/// <summary>One request of a conversation, until it is answered or given up. Either an announce or a scrape.</summary>
internal sealed class UdpTrackerExchange
{
    public required int RequestId { get; init; }

    public required uint Transaction { get; init; }

    public required TimeSpan Until { get; init; }

    public AnnounceRequest? Announce { get; init; }

    public string UrlData { get; init; } = "";

    public InfoHash[] Scrape { get; init; } = [];

    /// <summary>How often it was sent; the n of BEP 15's 15 * 2^n seconds.</summary>
    public int Sends { get; set; }

    /// <summary>When to send again; null while it waits for a connection id.</summary>
    public TimeSpan? Due { get; set; }
}
