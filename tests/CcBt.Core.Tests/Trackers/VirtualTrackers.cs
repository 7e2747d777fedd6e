using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

/// <summary>Runs a schedule in virtual time against scripted trackers and keeps what was announced when.</summary>
internal sealed class VirtualTrackers
{
    private static readonly PeerAddress Local4 = PeerAddress.FromV4(0, 6881);
    private readonly PriorityQueue<AnnounceResult, TimeSpan> _answers = new();
    private readonly Dictionary<string, Func<AnnounceOrder, (AnnounceReply? Reply, double Seconds)>> _scripts = [];

    public VirtualTrackers(string tiers, bool isPrivate = false, bool usesAllTiers = false, int seed = 1, params AnnounceRoute[] routes)
    {
        var plan = new AnnouncePlan
        {
            PeerId = AnnounceSamples.PeerId,
            Key = 7,
            Routes = routes.Length > 0 ? routes : [Route4],
            IsPrivate = isPrivate,
            UsesAllTiers = usesAllTiers,
        };
        Schedule = new AnnounceSchedule(plan, tiers.Split('|').Select(tier => tier.Split(' ').Select(Url)), new Random(seed))
        {
            Counters = new AnnounceCounters(0, 0, 1000),
        };
    }

    public static AnnounceRoute Route4 { get; } = new(AnnounceSamples.Hash, Local4, 6881);

    public static AnnounceRoute Route6 { get; } = new(AnnounceSamples.Hash, PeerAddress.FromBytes(new byte[16], 6881), 6881);

    public AnnounceSchedule Schedule { get; }

    public TimeSpan Now { get; private set; }

    /// <summary>Second, tracker, event.</summary>
    public List<(double At, string Tracker, AnnounceEvent Event)> Log { get; } = [];

    public List<AnnounceOrder> Orders { get; } = [];

    public static TrackerUrl Url(string name) => AnnounceSamples.Url($"http://{name}/announce");

    public static AnnounceReply Ok(int interval = 1800, int? minInterval = null) => new()
    {
        Interval = TimeSpan.FromSeconds(interval),
        MinInterval = minInterval is int s ? TimeSpan.FromSeconds(s) : null,
    };

    /// <summary>Every tracker answers at once with 0 peers unless a script says otherwise; a null reply is a failure after the given seconds.</summary>
    public VirtualTrackers Script(string tracker, Func<AnnounceOrder, (AnnounceReply? Reply, double Seconds)> script)
    {
        _scripts[tracker] = script;
        return this;
    }

    public VirtualTrackers Dead(string tracker, double seconds = 1) => Script(tracker, _ => (null, seconds));

    public VirtualTrackers Start()
    {
        Schedule.Start(Now);
        Pump();
        return this;
    }

    public VirtualTrackers Do(Action<AnnounceSchedule, TimeSpan> action)
    {
        action(Schedule, Now);
        Pump();
        return this;
    }

    public VirtualTrackers Run(double seconds)
    {
        TimeSpan end = Now + TimeSpan.FromSeconds(seconds);
        int steps = 0;
        while (true)
        {
            Assert.True(++steps < 100_000, "The schedule spins.");
            TimeSpan? deadline = Schedule.NextDeadline;
            bool hasAnswer = _answers.TryPeek(out _, out TimeSpan answerAt) && (deadline is null || answerAt <= deadline);
            TimeSpan? next = hasAnswer ? answerAt : deadline;
            if (next is null || next > end)
                break;
            Now = next.Value > Now ? next.Value : Now;
            if (hasAnswer)
                Schedule.Handle(_answers.Dequeue(), Now);
            else
                Schedule.Advance(Now);
            Pump();
        }
        Now = end;
        return this;
    }

    public IEnumerable<(double At, AnnounceEvent Event)> Of(string tracker) => Log.Where(l => l.Tracker == tracker).Select(l => (l.At, l.Event));

    private void Pump()
    {
        while (Schedule.TryTake(out AnnounceOrder order))
        {
            Orders.Add(order);
            Log.Add((Now.TotalSeconds, order.Tracker.Host, order.Request.Event));
            (AnnounceReply? reply, double seconds) = _scripts.TryGetValue(order.Tracker.Host, out var script) ? script(order) : (Ok(), 0.1);
            TimeSpan duration = TimeSpan.FromSeconds(seconds);
            AnnounceResult result = reply is not null && duration <= order.Limit
                ? AnnounceResult.FromReply(order, reply, Local4)
                : AnnounceResult.Failed(order, TrackerFailure.TimedOut, "dead");
            _answers.Enqueue(result, Now + (duration < order.Limit ? duration : order.Limit));
        }
    }
}
