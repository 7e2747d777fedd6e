using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

/// <summary>The outcome of many announces, each followed by a lookup from another node.</summary>
internal sealed record LookupRun(int Lookups, int Found, double MeanQueries, int MostQueries, TimeSpan MeanTimeToPeers, TimeSpan MeanTimeToEnd, int Seed)
{
    /// <summary>Announces from random nodes and looks from others; of one torrent when it is given, else of a new one each time.</summary>
    public static LookupRun Make(VirtualNetwork network, IReadOnlyList<VirtualHost> hosts, int count, InfoHash? torrent = null)
    {
        int found = 0, queries = 0, most = 0;
        TimeSpan toPeers = default, toEnd = default;
        for (int i = 0; i < count; i++)
        {
            InfoHash infoHash = torrent ?? RandomHash(network.Random);
            int announcer = network.Random.Next(hosts.Count);
            VirtualHost seeder = hosts[announcer], finder = hosts[(announcer + 1 + network.Random.Next(hosts.Count - 1)) % hosts.Count];
            int announce = network.Do(seeder, node => node.FindPeers(infoHash, 7000, network.Now));
            Assert.True(network.RunUntil(() => seeder.EndOf(announce) is not null, TimeSpan.FromSeconds(60)), $"The announce did not end, seed {network.Seed}.");
            network.Run(TimeSpan.FromSeconds(2));
            TimeSpan begun = network.Now;
            int lookup = network.Do(finder, node => node.FindPeers(infoHash, 0, network.Now));
            PeerAddress wanted = seeder.Address.WithPort(7000);
            bool isFound = network.RunUntil(() => finder.PeersOf(lookup).Contains(wanted) || finder.EndOf(lookup) is not null, TimeSpan.FromSeconds(60))
                && finder.PeersOf(lookup).Contains(wanted);
            toPeers += network.Now - begun;
            Assert.True(network.RunUntil(() => finder.EndOf(lookup) is not null, TimeSpan.FromSeconds(60)), $"The lookup did not end, seed {network.Seed}.");
            toEnd += network.Now - begun;
            found += isFound ? 1 : 0;
            int asked = finder.EndOf(lookup)!.Queries;
            queries += asked;
            most = Math.Max(most, asked);
            seeder.Events.Clear();
            finder.Events.Clear();
        }
        return new LookupRun(count, found, (double)queries / count, most, toPeers / count, toEnd / count, network.Seed);
    }

    public static InfoHash RandomHash(Random random)
    {
        var bytes = new byte[InfoHash.Length];
        random.NextBytes(bytes);
        return new InfoHash(bytes);
    }
}
