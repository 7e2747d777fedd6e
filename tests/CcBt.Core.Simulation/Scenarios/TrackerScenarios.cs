using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Disk;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Peers;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>Trackers over a day, and over a network that loses datagrams.</summary>
internal static class TrackerScenarios
{
    private const double Hour = 3600;

    /// <summary>
    /// A day of trackers that are dead, refuse, trickle, redirect for ever, answer garbage or too much: each is asked less and less, up to an hour apart; the torrent beside them
    /// announces on time; and stopping takes no longer than its bound.
    /// </summary>
    public static string Day(World world)
    {
        TrackerMood[] moods = [TrackerMood.Dead, TrackerMood.Refusing, TrackerMood.Garbage, TrackerMood.Bomb, TrackerMood.Trickling, TrackerMood.Redirecting];
        var swarm = new SimSwarm(world, 64 << 10, 16 << 10);
        string[] hosts = [.. moods.Select(static m => $"{m.ToString().ToLowerInvariant()}.example")];
        for (int i = 0; i < moods.Length; i++)
            swarm.Trackers[hosts[i]].Mood = moods[i];
        swarm.Trackers["slow.example"].Mood = TrackerMood.Slow;
        var client = new SimClient(swarm.AddMachine());
        var random = new Random(world.Seed);
        SimSession[] sessions =
        [
            client.Add(swarm.Content),
            client.Add(Content.Make(random, 64 << 10, 16 << 10, [.. hosts.Select(static h => $"http://{h}/announce")])),
            client.Add(Content.Make(random, 64 << 10, 16 << 10, "http://slow.example/announce")),
        ];
        foreach (SimSession session in sessions)
            _ = session.Start();
        world.Run(TimeSpan.FromHours(24));
        int most = 0;
        foreach (string host in hosts)
        {
            double[] at = [.. swarm.Trackers[host].Log.Select(static a => a.At.TotalSeconds)];
            most = Math.Max(most, at.Max(begin => at.Count(a => a >= begin && a < begin + Hour)));
            double[] last = [.. at.Zip(at.Skip(1), static (a, b) => b - a).TakeLast(8)];
            world.Require(last.All(static pause => pause is >= 0.8 * Hour and <= Hour + 60), $"{host} was asked after {string.Join(", ", last.Select(static l => $"{l:0} s"))}.");
            world.Require(last.Select(static l => Math.Round(l)).Distinct().Count() > 4, $"{host} was asked in step.");
        }
        world.Require(most <= 12, $"A bad tracker was asked {most} times within an hour.");
        double late = Lateness(swarm.Tracker);
        world.Require(late <= 1, $"The good tracker, which names nobody, was told {late:0.0} s late.");
        foreach (SimSession session in sessions)
            session.Close(SessionEnd.Stop);
        TimeSpan stopped = world.Now;
        bool isClosed = world.RunUntil(() => sessions.All(static s => s.IsClosed), TimeSpan.FromSeconds(Limits.StoppedAnnounceSeconds + 0.5));
        world.Require(isClosed, "Stopping waited for a slow tracker.");
        swarm.CheckQuiet(client);
        return $"24 h: a bad tracker is asked at most {most} times within an hour and hourly in the end; the good one told at most {late:0.0} s late; stopped in {(world.Now - stopped).TotalSeconds:0.0} s";
    }

    /// <summary>One datagram in ten is lost, others are doubled and overtaken: UDP announces get through within their time.</summary>
    public static string UdpLoss(World world)
    {
        var swarm = new SimSwarm(world, 64 << 10, 16 << 10);
        (swarm.Network.Loss, swarm.Network.Duplication, swarm.Network.Reordering) = (0.1, 0.05, 0.1);
        swarm.Network.Jitter = TimeSpan.FromMilliseconds(200);
        var tracker = new SimUdpTracker(swarm.Network, PeerAddress.FromV4(0x4D000002, 80));
        swarm.Trackers.Udp["udp.example"] = tracker.Address;
        var client = new SimClient(swarm.AddMachine());
        var random = new Random(world.Seed);
        for (int i = 0; i < 40; i++)
        {
            SimSession session = client.Add(Content.Make(random, 16 << 10, 16 << 10, "udp://udp.example:80/announce"));
            world.After(world.Between(TimeSpan.Zero, TimeSpan.FromMinutes(30)), () => _ = session.Start());
        }
        world.Run(TimeSpan.FromHours(24));
        SimUdpAnnouncer udp = client.Edges.Udp;
        double share = (double)udp.Succeeded / (udp.Succeeded + udp.Failed);
        world.Require(udp.Succeeded > 1_000 && share >= 0.99, $"{udp.Succeeded} announces succeeded, {udp.Failed} failed.");
        // A connect that several announces wait for keeps the pauses of the newest of them.
        int regular = udp.Pauses.Count(static p => p is >= 14.9 and <= 15.1 or >= 29.9 and <= 30.1 or >= 59.9 and <= 60.1);
        world.Require(udp.Pauses.Min() >= 14.9, $"Sent again after {string.Join(", ", udp.Pauses.Select(static p => $"{p:0.0}").Distinct())} s.");
        swarm.CheckQuiet(client);
        return $"{share:0.00%} of {udp.Succeeded + udp.Failed} UDP announces succeed at 10 % loss; {udp.Pauses.Count} repeats, {regular} of them after just 15, 30 or 60 s, none sooner";
    }

    /// <summary>Clients behind NATs of each kind announce over UDP: the tracker sees them at other ports than they have, forgotten ones in between, and answers all.</summary>
    public static string UdpBehindNats(World world)
    {
        var swarm = new SimSwarm(world, 64 << 10, 16 << 10);
        var tracker = new SimUdpTracker(swarm.Network, PeerAddress.FromV4(0x4D000002, 80));
        swarm.Trackers.Udp["udp.example"] = tracker.Address;
        var random = new Random(world.Seed);
        var clients = new List<SimClient>();
        foreach (NatKind kind in (NatKind[])[NatKind.FullCone, NatKind.AddressRestricted, NatKind.PortRestricted, NatKind.Symmetric])
        {
            var client = new SimClient(swarm.AddMachine());
            swarm.Network.PutBehind(client.Machine.Host, kind);
            clients.Add(client);
            for (int i = 0; i < 5; i++)
            {
                SimSession session = client.Add(Content.Make(random, 16 << 10, 16 << 10, "udp://udp.example:80/announce"));
                world.After(world.Between(TimeSpan.Zero, TimeSpan.FromMinutes(30)), () => _ = session.Start());
            }
        }
        world.Run(TimeSpan.FromHours(12));
        foreach (SimClient client in clients)
        {
            PeerAddress[] seen = [.. tracker.Seen.Where(s => s.IsSameHost(client.Address))];
            world.Require(client.Edges.Udp.Failed == 0 && client.Edges.Udp.Succeeded >= 5 * 23, $"{client.Edges.Udp.Succeeded} announces succeeded, {client.Edges.Udp.Failed} failed behind a NAT.");
            world.Require(seen.Length > 1 && !seen.Contains(client.Address), "The NAT changed nothing.");
            swarm.CheckQuiet(client);
        }
        return $"{clients.Sum(static c => c.Edges.Udp.Succeeded)} UDP announces from behind 4 kinds of NAT, none failed; the tracker saw {tracker.Seen.Count} ports of {clients.Count} clients";
    }

    /// <summary>Half a day of UDP trackers of which one is not there and one answers garbage: each is asked less and less, like those that speak HTTP.</summary>
    public static string UdpBad(World world)
    {
        var swarm = new SimSwarm(world, 64 << 10, 16 << 10);
        var tracker = new SimUdpTracker(swarm.Network, PeerAddress.FromV4(0x4D000002, 80)) { IsGarbage = true };
        swarm.Trackers.Udp["garbage.example"] = tracker.Address;
        swarm.Trackers.Udp["dead.example"] = PeerAddress.FromV4(0x4D000003, 80);
        var random = new Random(world.Seed);
        var told = new List<string>();
        foreach (string host in (string[])["garbage.example", "dead.example"])
        {
            var client = new SimClient(swarm.AddMachine());
            SimSession session = client.Add(Content.Make(random, 16 << 10, 16 << 10, $"udp://{host}:80/announce"));
            _ = session.Start();
            world.Run(TimeSpan.FromHours(1));
            (long first, long sent) = (client.Edges.Udp.Failed, client.Machine.Host.DatagramsSent);
            world.Require(first <= 12, $"{host} was asked {first} times in its first hour.");
            world.Run(TimeSpan.FromHours(11));
            long later = client.Edges.Udp.Failed - first;
            world.Require(later is >= 8 and <= 16, $"{host} was asked {later} times in the next 11 hours.");
            world.Require(client.Edges.Udp.Succeeded == 0, "Garbage was believed.");
            swarm.CheckQuiet(client);
            told.Add($"{host} {first} announces in the first hour with {sent} datagrams, {later} in the next 11");
        }
        return string.Join("; ", told);
    }

    private static double Lateness(SimTracker tracker)
    {
        double[] at = [.. tracker.Log.Select(static a => a.At.TotalSeconds)];
        return at.Zip(at.Skip(1), (a, b) => b - a - tracker.Interval.TotalSeconds).Max();
    }
}
