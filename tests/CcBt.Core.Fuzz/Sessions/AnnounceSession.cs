using CcBt.Core.Addressing;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Trackers;

namespace CcBt.Core.Fuzz.Sessions;

/// <summary>An announce schedule whose trackers answer well, badly, twice, late or not at all.</summary>
internal sealed class AnnounceSession
{
    private readonly Script _script;
    private readonly Meter _meter;
    private readonly AnnounceSchedule _schedule;
    private readonly List<AnnounceOrder> _open = [];
    private readonly List<AnnounceOrder> _answered = [];
    private TimeSpan _now = TimeSpan.FromHours(1);

    private AnnounceSession(Script script, Meter meter)
    {
        _script = script;
        _meter = meter;
        var plan = new AnnouncePlan
        {
            PeerId = new byte[20],
            Key = 1,
            Routes = [.. Enumerable.Range(0, 1 + script.Choice(3)).Select(i => new AnnounceRoute(script.Random.Hash(), PeerAddress.FromV4(0, 0), (ushort)(6881 + i)))],
            IsPrivate = script.Chance(30),
            UsesAllTiers = script.Chance(30),
        };
        _schedule = new AnnounceSchedule(plan, Enumerable.Range(0, script.Choice(4)).Select(_ => Enumerable.Range(0, 1 + script.Choice(3)).Select(_ => Tracker()).ToArray()).ToArray(), script.Random);
    }

    public static void Play(Script script, Meter meter)
    {
        var session = new AnnounceSession(script, meter);
        while (!script.IsOver)
        {
            session.Act(script.Choice(17));
            session.Drain();
            session._now += TimeSpan.FromSeconds(script.Choice(256) * (script.Chance(20) ? 20 : 1));
            session.Measure(schedule => schedule.Advance(session._now));
            session.Drain();
            session.Verify();
        }
        session.Finish();
    }

    private TrackerUrl Tracker() => TrackerUrl.TryParse($"http://t{_script.Choice(12)}.example/announce", out TrackerUrl? url, out _) ? url : throw new InvalidOperationException();

    private void Measure(Action<AnnounceSchedule> call)
    {
        _meter.Start();
        call(_schedule);
        _meter.Stop(0);
    }

    private void Act(int choice)
    {
        switch (choice)
        {
            case 0 or 1:
                Measure(schedule => schedule.Start(_now));
                break;
            case 2 when _script.Chance(30):
                Measure(schedule => schedule.Stop(_now));
                break;
            case 3:
                Measure(schedule => schedule.Completed(_now));
                break;
            case 4:
                Measure(schedule => schedule.AnnounceNow(_now));
                break;
            case 5:
                Measure(schedule => schedule.Add(Tracker(), _script.Choice(5) - 1, _now));
                break;
            case 6 when _answered.Count > 0:
                Measure(schedule => schedule.Handle(Result(_answered[_script.Choice(_answered.Count)]), _now));
                break;
            case 14:
                Measure(schedule => schedule.TellNews(_now));
                break;
            case 15:
                Measure(schedule => schedule.NetworkChanged(_now));
                break;
            case 16 when _script.Chance(20):
                Measure(schedule => schedule.TurnPrivate(_now));
                break;
            case >= 7 when _open.Count > 0:
                AnnounceOrder order = _open[_script.Choice(_open.Count)];
                _open.Remove(order);
                _answered.Add(order);
                Measure(schedule => schedule.Handle(Result(order), _now));
                break;
        }
    }

    private AnnounceResult Result(AnnounceOrder order) => _script.Choice(5) switch
    {
        0 => AnnounceResult.Failed(order, TrackerFailure.TimedOut, "fuzz"),
        1 => AnnounceResult.FromReply(order, new AnnounceReply { FailureReason = "fuzz", NeverRetry = _script.Chance(10), RetryIn = Time() }, _script.Random.Global()),
        _ => AnnounceResult.FromReply(order, new AnnounceReply { Interval = Time(), MinInterval = Time(), TrackerId = _script.Random.Bytes(3), Peers = [_script.Random.V4()] }, _script.Random.Global()),
    };

    // As the readers of replies bound it.
    private TimeSpan? Time() => _script.Chance(30) ? null : TimeSpan.FromSeconds(1 + _script.Random.Next(Limits.AnnounceIntervalMostSeconds));

    private void Drain()
    {
        while (_schedule.TryTake(out AnnounceOrder order))
        {
            bool isGoodbye = order.Request.Event == AnnounceEvent.Stopped;
            FuzzFailure.When(isGoodbye == _schedule.IsRunning, $"{order.Request.Event} is ordered, and running is {_schedule.IsRunning}.");
            FuzzFailure.When(order.Limit <= TimeSpan.Zero, "An order has no time.");
            // The schedule gives up what was lost or is stopped; what it orders again replaces that.
            _open.RemoveAll(other => other.Tracker == order.Tracker && other.Route == order.Route);
            FuzzFailure.When(_answered.Exists(other => other.Number == order.Number), "A number is used twice.");
            _open.Add(order);
        }
    }

    private void Verify()
    {
        FuzzFailure.When(_schedule.IsRunning && _schedule.NextDeadline <= _now, "A deadline has passed and nothing happened.");
        foreach (TrackerSnapshot tracker in _schedule.Snapshot(_now))
            FuzzFailure.When(tracker.NextAnnounce < TimeSpan.Zero, "An announce is planned for the past.");
    }

    private void Finish()
    {
        _schedule.Stop(_now);
        Drain();
        _schedule.Advance(_now + TimeSpan.FromSeconds(Limits.StoppedAnnounceSeconds));
        FuzzFailure.When(!_schedule.IsStopped, "The goodbyes do not end.");
    }
}
