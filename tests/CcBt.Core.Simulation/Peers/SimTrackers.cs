using CcBt.Core.Addressing;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Trackers;

namespace CcBt.Core.Simulation.Peers;

/// <summary>All trackers of a world by host name. An announce to a name that is none fails as an unknown host does.</summary>
internal sealed class SimTrackers(World world)
{
    private static readonly PeerAddress s_address = PeerAddress.FromV4(0x4D000001, 80);

    private readonly Dictionary<string, SimTracker> _trackers = [];

    /// <summary>Where the trackers are that speak UDP, by name.</summary>
    public Dictionary<string, PeerAddress> Udp { get; } = [];

    public SimTracker this[string host]
    {
        get
        {
            if (!_trackers.TryGetValue(host, out SimTracker? tracker))
                _trackers[host] = tracker = new SimTracker();
            return tracker;
        }
    }

    public void Announce(SimMachine from, AnnounceOrder order, Action<AnnounceResult> ended)
    {
        world.Hash.Add((long)order.Request.Event);
        if (!_trackers.TryGetValue(order.Tracker.Host, out SimTracker? tracker) || from.Network.IsCut && from.Host.Side != 0 || from.Host.IsDown)
        {
            world.After(TimeSpan.FromMilliseconds(100), () => ended(AnnounceResult.Failed(order, TrackerFailure.HostNotFound, "no such host")));
            return;
        }
        tracker.Announces++;
        tracker.Log.Add((world.Now, from.Host.Address, order.Request.Event));
        TimeSpan delay = world.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200));
        switch (tracker.Mood)
        {
            case TrackerMood.Dead:
                world.After(order.Limit, () => ended(AnnounceResult.Failed(order, TrackerFailure.TimedOut, "no answer")));
                return;
            case TrackerMood.Trickling:
                world.After(order.Limit, () => ended(AnnounceResult.Failed(order, TrackerFailure.TimedOut, "no end of the answer")));
                return;
            case TrackerMood.Redirecting:
                world.After(delay * (1 + Limits.TrackerRedirects), () => ended(AnnounceResult.Failed(order, TrackerFailure.RedirectRefused, "redirects for ever")));
                return;
            case TrackerMood.Garbage:
                world.After(delay, () => ended(AnnounceResult.Failed(order, TrackerFailure.InvalidAnswer, "not bencoded")));
                return;
            case TrackerMood.Bomb:
                world.After(delay, () => ended(AnnounceResult.Failed(order, TrackerFailure.AnswerTooLong, "over 1 MiB")));
                return;
            case TrackerMood.Refusing:
                world.After(delay, () => ended(AnnounceResult.FromReply(order, new AnnounceReply { FailureReason = "go away" }, s_address)));
                return;
        }
        if (tracker.Mood == TrackerMood.Slow)
            delay = order.Limit - TimeSpan.FromSeconds(1);
        PeerAddress sender = from.Host.Address;
        world.After(delay, () =>
        {
            AnnounceReply answer = Answer(tracker, sender.WithPort(order.Request.Port), order.Request);
            // The connection does not outlive the address that it was made from.
            if (from.Host.Address == sender && !from.Host.IsDown)
                ended(AnnounceResult.FromReply(order, answer, s_address));
            else
                world.After(order.Limit - delay, () => ended(AnnounceResult.Failed(order, TrackerFailure.TimedOut, "the connection was lost")));
        });
    }

    private AnnounceReply Answer(SimTracker tracker, PeerAddress from, AnnounceRequest request)
    {
        SortedDictionary<PeerAddress, bool> peers = tracker.PeersOf(request.InfoHash);
        if (request.Event == AnnounceEvent.Stopped)
        {
            tracker.Stopped++;
            peers.Remove(from);
        }
        else
        {
            tracker.Completed += request.Event == AnnounceEvent.Completed ? 1 : 0;
            peers[from] = request.LeftBytes == 0;
        }
        PeerAddress[] named = tracker.Mood == TrackerMood.Lying
            ? [.. Enumerable.Range(0, 200).Select(_ => PeerAddress.FromV4(0x20000000 + (uint)world.Random.Next(0x0FFFFFFF), 6881))]
            : [.. peers.Keys.Where(p => p != from)];
        world.Random.Shuffle(named);
        return new AnnounceReply
        {
            Interval = tracker.Interval,
            Seeds = peers.Values.Count(static s => s),
            Leeches = peers.Values.Count(static s => !s),
            Peers = [.. named.Take(Math.Min(request.WantedPeers ?? 50, 200))],
        };
    }
}
