using CcBt.Core.Addressing;
using CcBt.Core.Dht;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Dht;

/// <summary>How many of a number of lookups found a peer that had announced itself, and at what cost.</summary>
/// <param name="Nodes">Honest nodes of the network.</param>
/// <param name="Made">Lookups.</param>
/// <param name="Found">Lookups that found the peer.</param>
/// <param name="MeanQueries">Queries a lookup.</param>
/// <param name="MostQueries">Queries of the dearest.</param>
/// <param name="MeanHops">The longest way to an answer, in nodes of which one names the next.</param>
/// <param name="MeanSeconds">Until the peer was named, where it was.</param>
internal sealed record DhtLookups(int Nodes, int Made, int Found, double MeanQueries, int MostQueries, double MeanHops, double MeanSeconds)
{
    public double Share => (double)Found / Made;

    /// <summary>Every torrent is announced from one random node and looked for from another; all at about the same time.</summary>
    /// <param name="world">The world.</param>
    /// <param name="network">The nodes.</param>
    /// <param name="torrents">What is announced and looked for.</param>
    /// <param name="peers">Those that do it; all nodes when null.</param>
    public static DhtLookups Make(World world, DhtNetwork network, IReadOnlyList<InfoHash> torrents, IReadOnlyList<DhtPeer>? peers = null)
    {
        peers ??= network.Peers;
        var announces = new List<(DhtPeer Peer, int Lookup)>();
        foreach (InfoHash torrent in torrents)
        {
            DhtPeer seeder = peers[world.Random.Next(peers.Count)];
            announces.Add((seeder, seeder.FindPeers(torrent, 7000)));
            world.Run(TimeSpan.FromMilliseconds(50));
        }
        Require(world, announces);
        world.Run(TimeSpan.FromSeconds(2));
        var finds = new List<(DhtPeer Peer, int Lookup)>();
        var begun = new List<TimeSpan>();
        for (int i = 0; i < torrents.Count; i++)
        {
            DhtPeer finder;
            do
                finder = peers[world.Random.Next(peers.Count)];
            while (finder == announces[i].Peer);
            begun.Add(world.Now);
            finds.Add((finder, finder.FindPeers(torrents[i], 0)));
            world.Run(TimeSpan.FromMilliseconds(50));
        }
        Require(world, finds);
        var times = new List<double>();
        for (int i = 0; i < finds.Count; i++)
        {
            if (finds[i].Peer.Found.TryGetValue((finds[i].Lookup, announces[i].Peer.Address.WithPort(7000)), out TimeSpan at))
                times.Add((at - begun[i]).TotalSeconds);
        }
        DhtLookupEnded[] ends = [.. finds.Select(f => f.Peer.Ended[f.Lookup])];
        return new DhtLookups(network.Peers.Count, finds.Count, times.Count, ends.Average(e => e.Queries), ends.Max(e => e.Queries), ends.Average(e => e.Hops), times.DefaultIfEmpty(0).Average());
    }

    public static InfoHash[] RandomTorrents(World world, int count)
    {
        var torrents = new InfoHash[count];
        byte[] bytes = new byte[InfoHash.Length];
        for (int i = 0; i < count; i++)
        {
            world.Random.NextBytes(bytes);
            torrents[i] = new InfoHash(bytes);
        }
        return torrents;
    }

    public override string ToString()
        => $"{Nodes} nodes (log2 {Math.Log2(Nodes):0.0}): {Found} of {Made} found, {MeanQueries:0.0} queries a lookup ({MeanQueries / Math.Log2(Nodes):0.00} log2 n, most {MostQueries}), {MeanHops:0.0} hops ({MeanHops / Math.Log2(Nodes):0.00} log2 n), peer named after {MeanSeconds:0.00} s";

    private static void Require(World world, List<(DhtPeer Peer, int Lookup)> lookups)
    {
        // They end in about the order in which they began, so that it is enough to look at one that has not.
        int ended = 0;
        bool hasEnded = world.RunUntil(
            () =>
            {
                while (ended < lookups.Count && lookups[ended].Peer.Ended.ContainsKey(lookups[ended].Lookup))
                    ended++;
                return ended == lookups.Count;
            },
            TimeSpan.FromMinutes(3));
        world.Require(hasEnded, $"{lookups.Count(static l => !l.Peer.Ended.ContainsKey(l.Lookup))} of {lookups.Count} lookups did not end in 3 minutes.");
    }
}
