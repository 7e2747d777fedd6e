using System.Diagnostics.CodeAnalysis;
using System.Text;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Trackers;

/// <summary>Scrapes over HTTP (BEP 48).</summary>
internal static class HttpScrape
{
    private const string Announce = "announce";

    /// <summary>The path and query to ask for. False when the tracker's path does not say where scrapes go.</summary>
    public static bool TryBuildTarget(TrackerUrl tracker, ReadOnlySpan<InfoHash> hashes, [NotNullWhen(true)] out string? target)
    {
        target = null;
        if (!TryReplace(tracker, out string? scrape) || hashes.Length > Limits.ScrapeHashes)
            return false;
        var query = new StringBuilder(75 * hashes.Length);
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        foreach (InfoHash hash in hashes)
        {
            hash.CopyTo(bytes);
            query.Field("info_hash", bytes);
        }
        target = hashes.Length == 0 ? scrape : QueryText.Append(scrape, query.ToString());
        return true;
    }

    public static bool TryParse(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out ScrapeReply? reply)
    {
        reply = null;
        var document = new BDocument();
        if (!document.TryParse(body, BLimits.Tracker with { AllowTrailingData = true }, out _))
            return false;
        BValue files = document.Root["files"u8];
        if (files.Kind != BKind.Dictionary)
        {
            if (document.Root["failure reason"u8].TryGetBytes(out ReadOnlySpan<byte> reason))
                reply = new ScrapeReply([], TrackerText.Clean(reason));
            return reply is not null;
        }
        var entries = new List<ScrapeEntry>();
        foreach (BEntry file in files.Children)
        {
            if (file.Key.Length == InfoHash.Length && entries.Count < Limits.ScrapeHashes)
                entries.Add(ReadEntry(new InfoHash(file.Key), file.Value));
        }
        reply = new ScrapeReply(entries, null);
        return true;
    }

    /// <summary>The last path segment that begins with "announce" becomes the scrape's.</summary>
    private static bool TryReplace(TrackerUrl tracker, [NotNullWhen(true)] out string? scrape)
    {
        int at = tracker.Path.LastIndexOf("/" + Announce, StringComparison.Ordinal);
        scrape = at < 0 || !tracker.IsHttp
            ? null
            : string.Concat(tracker.PathAndQuery.AsSpan(0, at + 1), "scrape", tracker.PathAndQuery.AsSpan(at + 1 + Announce.Length));
        return scrape is not null;
    }

    private static ScrapeEntry ReadEntry(InfoHash hash, BValue value)
        => new(hash, Count(value["complete"u8]) ?? 0, Count(value["downloaded"u8]) ?? 0, Count(value["incomplete"u8]) ?? 0, Count(value["downloaders"u8]));

    private static int? Count(BValue value) => value.AsInteger() is long count and >= 0 ? (int)Math.Min(count, int.MaxValue) : null;
}
