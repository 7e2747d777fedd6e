using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Peers;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>Swarms with peers that lie, poison, stall and flood.</summary>
internal static class HostileScenarios
{
    /// <summary>One seeder of several serves bad blocks: everybody ends well, it is out, nobody honest is.</summary>
    public static string OnePoisoner(World world)
    {
        var swarm = new SimSwarm(world, 4 << 20);
        double share = 0.01 + 0.99 * world.Random.NextDouble();
        int honest = world.Random.Next(1, 6);
        SimSession[] seeders = [.. Enumerable.Range(0, honest).Select(_ => swarm.AddSeeder())];
        SimSession poisoner = AddPoisoner(swarm, share);
        SimSession[] leechers = [.. Enumerable.Range(0, 4).Select(_ => swarm.AddLeecher())];
        world.RunUntil(() => leechers.All(s => s.IsComplete), TimeSpan.FromMinutes(10));
        swarm.Check(leechers);
        int failed = 0, bans = 0;
        string guilty = AddressOf(swarm, poisoner);
        foreach (SimSession leecher in leechers)
        {
            SimLog log = LogOf(swarm, leecher);
            failed = Math.Max(failed, log.Count(SimLog.PieceFailed));
            bans += log.Banned.Count(b => b.StartsWith(guilty, StringComparison.Ordinal));
            string? innocent = log.Banned.Find(b => !b.StartsWith(guilty, StringComparison.Ordinal));
            world.Require(innocent is null, $"{innocent} was banned and is innocent; guilty is {guilty}.");
        }
        return $"1 of {honest + 1} seeders bad in {share:0%} of blocks: most bad pieces at one leecher {failed}, banned by {bans} of {leechers.Length}, {SwarmFigures.Of(swarm, null, leechers)}";
    }

    /// <summary>
    /// One of 2 to 50 seeders serves bad blocks, from 1 to 100 % of them. The leecher completes, and nobody honest is banned. A pass over a piece is one time that it is
    /// hashed: a bad piece is bad twice at the most, its poisoner is banned at the end of the second pass or before, and two pieces in all are fetched for nothing.
    /// </summary>
    public static string PoisonerOfMany(World world)
    {
        const int PieceLength = 64 << 10;
        var swarm = new SimSwarm(world, 4 << 20, PieceLength);
        double share = 0.01 + 0.99 * world.Random.NextDouble();
        int peers = world.Random.Next(2, 51);
        for (int i = 1; i < peers; i++)
            swarm.AddSeeder(256 << 10);
        string guilty = AddressOf(swarm, AddPoisoner(swarm, share));
        world.Run(TimeSpan.FromSeconds(1));
        SimSession leecher = swarm.AddLeecher();
        world.RunUntil(() => leecher.IsComplete, TimeSpan.FromMinutes(10));
        swarm.Check([leecher]);
        SimLog log = LogOf(swarm, leecher);
        int failed = log.FailedPieces.Count;
        int passes = log.FailedPieces.GroupBy(static p => p).Select(static g => g.Count()).DefaultIfEmpty().Max();
        string? innocent = log.Banned.Find(b => !b.StartsWith(guilty, StringComparison.Ordinal));
        world.Require(innocent is null, $"{innocent} was banned and is innocent; guilty is {guilty}.");
        bool isOut = log.Banned.Count > 0;
        world.Require(isOut || failed == 0, $"The poisoner is still there after {failed} bad pieces.");
        world.Require(passes <= 2, $"A piece was bad {passes} times.");
        world.Require(failed <= 2, $"{failed} pieces were fetched for nothing.");
        return $"1 of {peers} bad in {share:0%} of blocks: {failed} bad pieces, {passes} passes over one at the most, {leecher.Core.Traffic.WastedBytes / (double)PieceLength:0.00} pieces for nothing or twice, {(isOut ? "out" : "never caught, as nothing bad came")}";
    }

    /// <summary>Nobody has good data: it never ends, and never gets hot.</summary>
    public static string AllPoisoners(World world)
    {
        var swarm = new SimSwarm(world, 1 << 20);
        for (int i = 0; i < 4; i++)
            AddPoisoner(swarm, 1);
        SimSession leecher = swarm.AddLeecher();
        SimClient client = swarm.ClientOf(leecher);
        TimeSpan time = TimeSpan.FromMinutes(30);
        bool isComplete = world.RunUntil(() => leecher.IsComplete, time);
        world.Require(!isComplete, "The torrent was completed out of bad data.");
        swarm.Check([leecher], mustBeComplete: false);
        double perSecond = client.Machine.Host.StreamBytesReceived / time.TotalSeconds;
        world.Require(perSecond < 64 << 10, $"{perSecond:0} bytes a second came in for nothing.");
        world.Require(client.MostWakes < 500, $"The owner woke {client.MostWakes} times in a second.");
        double messages = world.Messages / time.TotalSeconds;
        world.Require(messages < 50, $"Five clients handled {messages:0} messages a second for nothing.");
        return $"{client.Machine.Host.StreamBytesReceived >> 10} KiB in 30 min for nothing, {messages:0.0} messages a second at 5 clients, {client.Log.Count(SimLog.PieceFailed)} bad pieces, {client.Log.Banned.Count} bans, {client.MostWakes} wakes/s at most";
    }

    /// <summary>Peers that take part in nothing: the download ends hardly later than without them.</summary>
    public static string Useless(World world, RawMood mood) => Useless(world, mood, out _);

    private static string Useless(World world, RawMood mood, out RawPeer[] useless)
    {
        TimeSpan baseline = Download(new World(world.Seed), mood, count: 0, out _);
        TimeSpan with = Download(world, mood, count: 6, out SimSwarm swarm, out useless);
        SimClient client = swarm.Clients[^1];
        world.Require(with <= baseline * 1.3, $"With {mood} peers it took {with.TotalSeconds:0.0} s instead of {baseline.TotalSeconds:0.0} s.");
        return $"{with / baseline:0.00} of the time without them, {with.TotalSeconds:0.0} s instead of {baseline.TotalSeconds:0.0} s, {client.Log.Count(SimLog.PieceFailed)} bad pieces, {client.Log.Banned.Count} bans";
    }

    /// <summary>Peers that ask for far more than they may: they get a share of the uplink like others until they are put out, and everybody ends.</summary>
    public static string Flooders(World world)
    {
        TimeSpan with = Download(world, RawMood.Flooder, count: 6, out SimSwarm swarm);
        world.Require(with <= TimeSpan.FromMinutes(1), $"With six flooders it took {with.TotalSeconds:0.0} s.");
        return $"{with.TotalSeconds:0.0} s beside six peers that flood requests; {swarm.Clients[0].Machine.Host.StreamBytesSent >> 20} MiB left the seeder";
    }

    /// <summary>Sockets that trickle a handshake, a message or a block: they are cut in their time, and a good peer hardly notices.</summary>
    public static string SlowLoris(World world)
    {
        TimeSpan baseline = Download(new World(world.Seed), RawMood.SlowBody, count: 0, out _);
        var swarm = new SimSwarm(world, 12 << 20);
        swarm.AddSeeder(512 << 10);
        RawPeer[] blocks = [.. Enumerable.Range(0, 6).Select(_ => new RawPeer(swarm, RawMood.SlowBody))];
        RawPeer[] handshakes = [.. Enumerable.Range(0, 150).Select(_ => new RawPeer(swarm, RawMood.SlowHandshake, isNamed: false))];
        RawPeer[] messages = [.. Enumerable.Range(0, 150).Select(_ => new RawPeer(swarm, RawMood.SlowMessage, isNamed: false))];
        world.Run(TimeSpan.FromSeconds(1));
        SimSession leecher = swarm.AddLeecher();
        SimClient client = swarm.ClientOf(leecher);
        TimeSpan began = world.Now;
        foreach (RawPeer peer in handshakes.Concat(messages))
            world.After(world.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3)), () => peer.Dial(client.Address));
        world.Run(TimeSpan.FromSeconds(14));
        int slowHandshakes = handshakes.Sum(p => p.Open);
        world.Require(slowHandshakes == 0, $"{slowHandshakes} handshakes are still open after 14 s.");
        // A block that trickles in keeps its piece until its link is cut; everything else comes at the good peer's rate.
        int pieces = swarm.Content.Torrent.PieceCount;
        world.RunUntil(() => leecher.Core.Progress.Have is { } have && have.Count >= pieces - blocks.Length, TimeSpan.FromMinutes(3));
        double rate = baseline / (world.Now - began) * (pieces - blocks.Length) / pieces;
        world.Require(rate >= 0.95, $"The good peer's rate is {rate:0.00} of what it is without slow sockets.");
        world.RunUntil(() => leecher.IsComplete, TimeSpan.FromMinutes(3));
        world.Run(TimeSpan.FromSeconds(125));
        swarm.Check([leecher]);
        int slow = messages.Sum(p => p.Open);
        world.Require(slow == 0, $"{slow} slow messages are still open after 125 s.");
        TimeSpan with = leecher.CompletedAt!.Value;
        world.Require(with <= baseline + TimeSpan.FromSeconds(Limits.MessageSeconds + 5), $"Slow blocks held the end up to {with.TotalSeconds:0.0} s.");
        return $"rate {rate:0.00} of that without, complete after {with.TotalSeconds:0.0} s instead of {baseline.TotalSeconds:0.0} s, beside {blocks.Length} slow blocks, {messages.Length} slow messages (cut within 125 s) and {handshakes.Length} slow handshakes (cut within 14 s)";
    }

    /// <summary>Peers that reject what was not asked: they are told to go, and the download goes on.</summary>
    public static string LyingRejects(World world)
    {
        string outcome = Useless(world, RawMood.LyingReject, out RawPeer[] liars);
        int open = liars.Sum(static p => p.Open);
        world.Require(open == 0, $"{open} of {liars.Length} peers that reject what was not asked are still there.");
        return $"{outcome}, all {liars.Length} put out";
    }

    /// <summary>
    /// All places of a session, or of its client, are taken by strangers who give and take nothing, and come again when they are put out. Then a leecher dials in, and the session hears
    /// of a seed. Both get in within a bounded time.
    /// </summary>
    public static string IdleStrangers(World world)
    {
        const int Places = 20;
        RawMood[] moods = [RawMood.Idle, RawMood.IdleInterested, RawMood.Choking];
        var swarm = new SimSwarm(world, 4 << 20);
        SimClient seeder = swarm.ClientOf(swarm.AddSeeder(1 << 20));
        world.Run(TimeSpan.FromSeconds(1));
        // Nobody hears of others but by what is told below.
        swarm.Tracker.Mood = TrackerMood.Dead;
        bool isClient = world.Seed % 2 == 0;
        var options = new AddTorrentOptions { SaveDirectory = "/sim", MaxConnections = isClient ? 2 * Places : Places };
        SimSession session = swarm.Begin(swarm.AddMachine(), options, SimClient.Quiet with { MaxConnections = isClient ? Places : 10 * Places });
        SimClient client = swarm.ClientOf(session);
        RawPeer[] strangers = [.. Enumerable.Range(0, Places + 10).Select(i => new RawPeer(swarm, moods[i % moods.Length], isNamed: false))];
        foreach (RawPeer stranger in strangers)
            world.After(world.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)), () => stranger.Stay(client.Address, TimeSpan.FromSeconds(10)));
        world.Run(world.Between(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(20)));
        world.Require(session.Core.Links.Count == Places, $"{session.Core.Links.Count} of {Places} places were taken.");
        TimeSpan arrived = world.Now;
        session.AddPeers(SimSwarm.EndPoints(seeder.Address));
        SimSession newcomer = swarm.AddLeecher();
        newcomer.AddPeers(SimSwarm.EndPoints(client.Address));
        var watch = new PlaceWatch(client, session);
        var bound = TimeSpan.FromSeconds(Limits.IdleLinkSeconds + 2 * Limits.LongestRetrySeconds);
        world.RunUntil(() => session.IsComplete && newcomer.IsComplete, bound);
        TimeSpan? dialled = watch.Since(seeder.Address, isOutbound: true), inbound = watch.Since(swarm.ClientOf(newcomer).Address, isOutbound: false);
        world.Require(dialled is not null, $"The seed that was heard of was not let in within {bound.TotalSeconds:0} s.");
        world.Require(inbound is not null, $"The leecher that dials in was not let in within {bound.TotalSeconds:0} s.");
        swarm.Check([session, newcomer]);
        world.Require(watch.Most <= Places, $"{watch.Most} links at {Places} places.");
        return $"full {(isClient ? "client" : "session")}, of strangers for {arrived.TotalSeconds:0} s; a seed that was heard of was in after {Seconds(dialled - arrived)}, a leecher that dials in after {Seconds(inbound - arrived)}, both complete after {Seconds(world.Now - arrived)}; {strangers.Sum(static s => s.Begun)} connections of {strangers.Length} strangers";

        static string Seconds(TimeSpan? time) => $"{time!.Value.TotalSeconds:0.0} s";
    }

    private static TimeSpan Download(World world, RawMood mood, int count, out SimSwarm swarm) => Download(world, mood, count, out swarm, out _);

    private static TimeSpan Download(World world, RawMood mood, int count, out SimSwarm swarm, out RawPeer[] useless)
    {
        swarm = new SimSwarm(world, 12 << 20);
        swarm.AddSeeder(512 << 10);
        SimSwarm of = swarm;
        useless = [.. Enumerable.Range(0, count).Select(_ => new RawPeer(of, mood))];
        world.Run(TimeSpan.FromSeconds(1));
        SimSession leecher = swarm.AddLeecher();
        world.RunUntil(() => leecher.IsComplete, TimeSpan.FromMinutes(20));
        swarm.Check([leecher]);
        return leecher.CompletedAt ?? TimeSpan.MaxValue;
    }

    private static SimSession AddPoisoner(SimSwarm swarm, double share)
    {
        SimSession session = swarm.AddSeeder();
        swarm.ClientOf(session).AfterBatch = _ =>
        {
            if (session.Store is { } store)
                store.Poison = share;
        };
        return session;
    }

    private static SimLog LogOf(SimSwarm swarm, SimSession session) => swarm.ClientOf(session).Log;

    private static string AddressOf(SimSwarm swarm, SimSession session) => swarm.ClientOf(session).Address.ToEndPoint().Address.ToString();
}
