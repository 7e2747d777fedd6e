using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Transport;

/// <summary>
/// Announces and scrapes over UDP, from the listen ports: runs a <see cref="UdpTrackerConversation"/> for each tracker address over the client's hubs.
/// It adds itself to the hubs. Everything that a network does comes back as a result. Thread-safe.
/// </summary>
internal sealed class UdpTrackerClient : IDatagramSink, IDisposable
{
    private readonly object _gate = new();
    private readonly Dictionary<(UdpHub Hub, PeerAddress Tracker), UdpTrackerConversation> _conversations = [];
    private readonly Dictionary<int, TaskCompletionSource<UdpTrackerOutcome>> _waiting = [];
    private readonly Dictionary<string, int> _turnOfAddress = new(StringComparer.OrdinalIgnoreCase);
    private readonly HostResolver _resolver;
    private readonly IReadOnlyList<UdpHub> _hubs;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly long _start;
    private readonly ITimer _timer;
    private int _lastRequest;
    private bool _disposed;

    /// <param name="resolver">Looks hosts up.</param>
    /// <param name="hubs">One for each listen address.</param>
    /// <param name="time">Clock and timer.</param>
    /// <param name="random">Unguessable; used under this object's own lock only.</param>
    public UdpTrackerClient(HostResolver resolver, IReadOnlyList<UdpHub> hubs, TimeProvider time, Random random)
    {
        _resolver = resolver;
        _hubs = hubs;
        _time = time;
        _random = random;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (UdpHub hub in hubs)
            hub.Add(this);
    }

    public async Task<AnnounceResult> AnnounceAsync(AnnounceOrder order, CancellationToken cancellationToken)
    {
        (UdpTrackerOutcome? outcome, TrackerTargets targets) = await AskAsync(order.Tracker, order.Route.Local, order.Limit,
            (conversation, id, until, now) => conversation.Announce(id, order.Request, order.Tracker.PathAndQuery, until, now), cancellationToken).ConfigureAwait(false);
        if (outcome?.Announce is AnnounceReply reply)
            return AnnounceResult.FromReply(order, reply, targets.Addresses[0]);
        (TrackerFailure failure, string message) = Explain(order.Tracker, outcome, targets);
        return AnnounceResult.Failed(order, failure, message, targets.Addresses.Count > 0 ? targets.Addresses[0] : null);
    }

    public async Task<ScrapeResult> ScrapeAsync(TrackerUrl tracker, PeerAddress local, IReadOnlyList<InfoHash> hashes, CancellationToken cancellationToken)
    {
        InfoHash[] wanted = [.. hashes];
        (UdpTrackerOutcome? outcome, TrackerTargets targets) = await AskAsync(tracker, local, TimeSpan.FromSeconds(Limits.UdpAnnounceSeconds),
            (conversation, id, until, now) => conversation.Scrape(id, wanted, until, now), cancellationToken).ConfigureAwait(false);
        if (outcome?.Scrape is ScrapeReply reply)
            return new ScrapeResult(reply, outcome.Failure, reply.FailureReason);
        (TrackerFailure failure, string message) = Explain(tracker, outcome, targets);
        return new ScrapeResult(null, failure, message);
    }

    public bool Receive(UdpHub hub, PeerAddress from, ReadOnlyMemory<byte> datagram)
    {
        // Answers begin with an action below 4, which neither a DHT nor a µTP datagram does.
        if (datagram.Length < UdpTrackerPackets.AnswerHeaderLength || datagram.Span[0] != 0)
            return false;
        lock (_gate)
        {
            if (!_conversations.TryGetValue((hub, from), out UdpTrackerConversation? conversation) || !conversation.Handle(datagram.Span, Now))
                return false;
            Pump(hub, conversation);
            SetTimer();
            return true;
        }
    }

    public void Dispose()
    {
        foreach (UdpHub hub in _hubs)
            hub.Remove(this);
        lock (_gate)
        {
            _disposed = true;
            _timer.Dispose();
            _conversations.Clear();
            foreach (TaskCompletionSource<UdpTrackerOutcome> waiting in _waiting.Values)
                waiting.TrySetCanceled();
            _waiting.Clear();
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    private async Task<(UdpTrackerOutcome? Outcome, TrackerTargets Targets)> AskAsync(
        TrackerUrl tracker, PeerAddress local, TimeSpan limit, Action<UdpTrackerConversation, int, TimeSpan, TimeSpan> begin, CancellationToken cancellationToken)
    {
        TimeSpan until = Now + limit;
        using var patience = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        TrackerTargets targets = new([], TrackerFailure.TimedOut, $"{tracker} did not answer in time.");
        int id = 0;
        try
        {
            targets = await TrackerTargets.FindAsync(_resolver, tracker, local, either.Token).ConfigureAwait(false);
            if (targets.IsEmpty)
                return (null, targets);
            UdpHub? hub = HubFor(local);
            if (hub is null)
                return (null, new([], TrackerFailure.NoAddressOfFamily, $"The client does not listen where the announce to {tracker} should leave from."));
            Task<UdpTrackerOutcome> answer = BeginAsync(hub, tracker, ref targets, until, begin, out id);
            UdpTrackerOutcome outcome = await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
            return (outcome, targets);
        }
        catch (OperationCanceledException)
        {
            Cancel(id);
            return patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested
                ? (null, targets with { Failure = TrackerFailure.TimedOut, Message = $"{tracker} did not answer in time." })
                : (null, targets with { Failure = TrackerFailure.Canceled, Message = "The announce was cancelled." });
        }
    }

    private Task<UdpTrackerOutcome> BeginAsync(
        UdpHub hub, TrackerUrl tracker, ref TrackerTargets targets, TimeSpan until, Action<UdpTrackerConversation, int, TimeSpan, TimeSpan> begin, out int id)
    {
        var answer = new TaskCompletionSource<UdpTrackerOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            id = ++_lastRequest;
            if (_disposed)
                return Task.FromCanceled<UdpTrackerOutcome>(new CancellationToken(true));
            PeerAddress address = targets.Addresses[_turnOfAddress.GetValueOrDefault(tracker.Host) % targets.Addresses.Count];
            targets = targets with { Addresses = [address] };
            if (!_conversations.TryGetValue((hub, address), out UdpTrackerConversation? conversation))
                _conversations.Add((hub, address), conversation = new UdpTrackerConversation(address, _random));
            _waiting.Add(id, answer);
            begin(conversation, id, until, Now);
            Pump(hub, conversation);
            SetTimer();
        }
        return TurnOnTimeoutAsync(answer.Task, tracker.Host);
    }

    /// <summary>A host with several addresses is asked at the next one when this one is silent, and stays there while it answers.</summary>
    private async Task<UdpTrackerOutcome> TurnOnTimeoutAsync(Task<UdpTrackerOutcome> answer, string host)
    {
        UdpTrackerOutcome outcome = await answer.ConfigureAwait(false);
        if (outcome.Failure == TrackerFailure.TimedOut)
        {
            lock (_gate)
            {
                if (_turnOfAddress.Count >= Limits.HostCacheEntries)
                    _turnOfAddress.Clear();
                _turnOfAddress[host] = (_turnOfAddress.GetValueOrDefault(host) + 1) & 0xFFFF;
            }
        }
        return outcome;
    }

    private UdpHub? HubFor(PeerAddress local)
        => _hubs.FirstOrDefault(hub => hub.Local.WithPort(0) == local.WithPort(0)) ?? _hubs.FirstOrDefault(hub => hub.Local.IsV6 == local.IsV6);

    private void Cancel(int id)
    {
        lock (_gate)
        {
            if (_waiting.Remove(id))
            {
                foreach (UdpTrackerConversation conversation in _conversations.Values)
                    conversation.Cancel(id);
            }
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            TimeSpan now = Now;
            foreach (((UdpHub hub, _), UdpTrackerConversation conversation) in _conversations)
            {
                conversation.Advance(now);
                Pump(hub, conversation);
            }
            foreach (var key in _conversations.Where(pair => pair.Value.IsOver(now)).Select(pair => pair.Key).ToList())
                _conversations.Remove(key);
            SetTimer();
        }
    }

    private void Pump(UdpHub hub, UdpTrackerConversation conversation)
    {
        while (conversation.TryTakeDatagram(out ReadOnlyMemory<byte> datagram))
            hub.Send(conversation.Tracker, datagram);
        while (conversation.TryTakeOutcome(out UdpTrackerOutcome outcome))
        {
            if (_waiting.Remove(outcome.RequestId, out TaskCompletionSource<UdpTrackerOutcome>? waiting))
                waiting.TrySetResult(outcome);
        }
    }

    private void SetTimer()
    {
        TimeSpan? next = _conversations.Values.Min(conversation => conversation.NextDeadline);
        TimeSpan due = next is null ? TimeSpan.FromSeconds(Limits.UdpConnectionSeconds) : next.Value - Now;
        _timer.Change(_conversations.Count == 0 ? Timeout.InfiniteTimeSpan : due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private static (TrackerFailure Failure, string Message) Explain(TrackerUrl tracker, UdpTrackerOutcome? outcome, TrackerTargets targets) => outcome?.Failure switch
    {
        null => (targets.Failure, targets.Message!),
        TrackerFailure.InvalidAnswer => (TrackerFailure.InvalidAnswer, $"The answer of {tracker} is too short, as from a tracker that does not serve this torrent."),
        _ => (TrackerFailure.TimedOut, $"{tracker} did not answer in time."),
    };
}
