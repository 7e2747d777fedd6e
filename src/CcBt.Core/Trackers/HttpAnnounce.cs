using System.Text;
using CcBt.Core.Addressing;

namespace CcBt.Core.Trackers;

/// <summary>The query of an HTTP announce (BEP 3, 7, 21, 23).</summary>
internal static class HttpAnnounce
{
    /// <summary>The path and query to ask for: the tracker's own with the announce behind it.</summary>
    public static string BuildTarget(TrackerUrl tracker, AnnounceRequest request)
        => QueryText.Append(tracker.PathAndQuery, BuildQuery(request));

    /// <summary>The announce as a query without a leading question mark.</summary>
    public static string BuildQuery(AnnounceRequest request)
    {
        Span<byte> hash = stackalloc byte[InfoHash.Length];
        request.InfoHash.CopyTo(hash);
        StringBuilder query = new StringBuilder(320)
            .Field("info_hash", hash)
            .Field("peer_id", request.PeerId.Span)
            .Field("port", request.Port)
            .Field("uploaded", Math.Max(0, request.UploadedBytes))
            .Field("downloaded", Math.Max(0, request.DownloadedBytes))
            .Field("left", Math.Max(0, request.LeftBytes))
            .Field("compact", request.Compact ? 1 : 0)
            .Field("no_peer_id", 1)
            .Field("key", Encoding.ASCII.GetBytes(request.Key.ToString("X8")));
        if (request.WantedPeers is int wanted)
            query.Field("numwant", wanted);
        if (EventName(request.Event) is string name)
            query.Append("&event=").Append(name);
        if (!request.TrackerId.IsEmpty)
            query.Field("trackerid", request.TrackerId.Span);
        AppendAddress(query, "ipv4", request.IPv4);
        AppendAddress(query, "ipv6", request.IPv6);
        return query.ToString();
    }

    private static void AppendAddress(StringBuilder query, string name, PeerAddress? address)
    {
        if (address is PeerAddress given)
            query.Field(name, Encoding.ASCII.GetBytes(given.ToIPAddress().ToString()));
    }

    private static string? EventName(AnnounceEvent value) => value switch
    {
        AnnounceEvent.Started => "started",
        AnnounceEvent.Completed => "completed",
        AnnounceEvent.Stopped => "stopped",
        AnnounceEvent.Paused => "paused",
        _ => null,
    };
}
