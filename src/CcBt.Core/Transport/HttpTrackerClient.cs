using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Transport;

/// <summary>
/// Announces and scrapes over HTTP. Everything that a network does comes back as a result, never as an exception. Thread-safe.
/// </summary>
internal sealed class HttpTrackerClient(HostResolver resolver, TimeProvider time) : IDisposable
{
    private readonly TrackerHttp _http = new(time);
    private readonly TrackerTurns _turns = new();

    public async Task<AnnounceResult> AnnounceAsync(AnnounceOrder order, CancellationToken cancellationToken)
    {
        string target = HttpAnnounce.BuildTarget(order.Tracker, order.Request);
        bool isGoodbye = order.Request.Event == AnnounceEvent.Stopped;
        HttpAnswer answer = await GetInTurnAsync(order.Tracker, target, order.Route.Local, order.Limit, isGoodbye, cancellationToken).ConfigureAwait(false);
        if (answer.Failure != TrackerFailure.None)
            return AnnounceResult.Failed(order, answer.Failure, answer.Message!, answer.Tracker);
        bool isReply = HttpAnnounceReply.TryParse(answer.Body, out AnnounceReply reply, out string? error);
        // Some trackers explain an error status in bencode; only that part of such a body is believed.
        if (answer.Status != 200 && reply.FailureReason is null)
        {
            return AnnounceResult.Failed(order, TrackerFailure.HttpStatus, $"The tracker answered with HTTP status {answer.Status}.", answer.Tracker)
                with { Reply = answer.RetryAfter > TimeSpan.Zero ? new AnnounceReply { RetryIn = Bounded(answer.RetryAfter.Value) } : null };
        }
        return isReply
            ? AnnounceResult.FromReply(order, reply, answer.Tracker!.Value)
            : AnnounceResult.Failed(order, TrackerFailure.InvalidAnswer, error!, answer.Tracker);
    }

    public async Task<ScrapeResult> ScrapeAsync(TrackerUrl tracker, PeerAddress local, IReadOnlyList<InfoHash> hashes, CancellationToken cancellationToken)
    {
        if (!HttpScrape.TryBuildTarget(tracker, [.. hashes], out string? target))
            return new ScrapeResult(null, TrackerFailure.Refused, $"{tracker} cannot be scraped: its path has no /announce.");
        HttpAnswer answer = await GetInTurnAsync(tracker, target, local, TimeSpan.FromSeconds(Limits.HttpAnnounceSeconds), false, cancellationToken).ConfigureAwait(false);
        if (answer.Failure != TrackerFailure.None)
            return new ScrapeResult(null, answer.Failure, answer.Message);
        if (!HttpScrape.TryParse(answer.Body, out ScrapeReply? reply))
            return new ScrapeResult(null, TrackerFailure.InvalidAnswer, $"The answer, with HTTP status {answer.Status}, is no scrape.");
        return new ScrapeResult(reply, reply.FailureReason is null ? TrackerFailure.None : TrackerFailure.Refused, reply.FailureReason);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpAnswer> GetInTurnAsync(TrackerUrl tracker, string target, PeerAddress local, TimeSpan limit, bool isGoodbye, CancellationToken cancellationToken)
    {
        // A goodbye has its few seconds in all; other announces have their time once it is their turn.
        TimeSpan wait = isGoodbye ? limit : TimeSpan.FromSeconds(Limits.TrackerQueueSeconds);
        using var queue = new CancellationTokenSource(wait, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(queue.Token, cancellationToken);
        try
        {
            return await _turns.RunAsync(tracker, isGoodbye, waiting.Token,
                () => GetInTimeAsync(tracker, target, local, limit, isGoodbye ? waiting.Token : cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested
                ? HttpAnswer.Failed(TrackerFailure.Canceled, "The announce was cancelled.")
                : HttpAnswer.Failed(TrackerFailure.TimedOut, $"{tracker} did not answer in time.");
        }
    }

    private async Task<HttpAnswer> GetInTimeAsync(TrackerUrl tracker, string target, PeerAddress local, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        return await GetFollowingAsync(tracker, target, local, either.Token).ConfigureAwait(false);
    }

    private async Task<HttpAnswer> GetFollowingAsync(TrackerUrl tracker, string target, PeerAddress local, CancellationToken cancellationToken)
    {
        TrackerUrl url = tracker;
        AddressClass? redirector = null;
        for (int redirects = 0; redirects <= Limits.TrackerRedirects; redirects++)
        {
            TrackerTargets targets = await TrackerTargets.FindAsync(resolver, url, local, cancellationToken).ConfigureAwait(false);
            if (redirector is { } source)
                targets = targets.NamedBy(source, tracker);
            if (targets.IsEmpty)
                return HttpAnswer.Failed(targets.Failure, targets.Message!);
            string? userInfo = url.HasSameOrigin(tracker) ? tracker.UserInfo : null;
            HttpAnswer answer = await GetFromAnyAsync(url, target, userInfo, targets.Addresses, local, cancellationToken).ConfigureAwait(false);
            if (answer.Location is null)
                return answer;
            if (!TryFollow(url, answer.Location, out TrackerUrl next))
                return HttpAnswer.Failed(TrackerFailure.RedirectRefused, $"{tracker} redirects to where a tracker may not send us.", answer.Tracker);
            redirector = answer.Tracker!.Value.Classify();
            url = next;
            target = next.PathAndQuery;
        }
        return HttpAnswer.Failed(TrackerFailure.RedirectRefused, $"{tracker} redirects more than {Limits.TrackerRedirects} times.");
    }

    /// <summary>The first address that can be connected to answers for all.</summary>
    private async Task<HttpAnswer> GetFromAnyAsync(TrackerUrl url, string target, string? userInfo, IReadOnlyList<PeerAddress> addresses, PeerAddress local, CancellationToken cancellationToken)
    {
        HttpAnswer answer = HttpAnswer.Failed(TrackerFailure.ConnectFailed, $"{url} cannot be reached.");
        foreach (PeerAddress address in addresses.Take(Limits.TrackerAddressesTried))
        {
            answer = await _http.GetAsync(url, target, userInfo, address, local, cancellationToken).ConfigureAwait(false);
            if (answer.Failure != TrackerFailure.ConnectFailed)
                break;
        }
        return answer;
    }

    /// <summary>Absolute, or relative to where we are. Never from https to http, which would show what was meant to be hidden.</summary>
    private static bool TryFollow(TrackerUrl from, string location, out TrackerUrl next)
    {
        string origin = from.ToString();
        string path = from.Path;
        string absolute = location switch
        {
            _ when location.Contains("://", StringComparison.Ordinal) && location.IndexOf("://", StringComparison.Ordinal) < 6 => location,
            _ when location.StartsWith("//", StringComparison.Ordinal) => origin[..origin.IndexOf('/')] + location,
            _ when location.StartsWith('/') => origin + location,
            _ when location.StartsWith('?') => origin + path + location,
            _ => origin + path[..(path.LastIndexOf('/') + 1)] + location,
        };
        bool isGood = TrackerUrl.TryParseRedirect(absolute, out TrackerUrl? parsed) && !(from.Scheme == TrackerScheme.Https && parsed.Scheme == TrackerScheme.Http);
        next = parsed ?? from;
        return isGood;
    }

    private static TimeSpan Bounded(TimeSpan time)
    {
        var most = TimeSpan.FromSeconds(Limits.AnnounceIntervalMostSeconds);
        return time < most ? time : most;
    }
}
