using System.Collections.Concurrent;
using System.Net;
using CcBt.Core.Addressing;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;
using CcBt.Core.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace CcBt.Core.Faults.Network;

/// <summary>
/// Addresses and interfaces of a network namespace come and go. <see cref="NetworkWatch"/> tells of each change, reads what is there, and is silent once it is disposed; local
/// discovery speaks and hears on a new interface when its sockets are renewed, and holds no more sockets than before.
/// </summary>
internal static class NetworkStory
{
    private const string First = "10.77.1.1", Second = "10.77.2.1", Third = "10.77.3.1";
    private const ushort OurPort = 7001, TheirPort = 7002;
    private static readonly InfoHash s_hash = InfoHash.Parse(new string('e', 40));

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        int sockets = OpenHandles.Count("/none");
        int told = await WatchAsync(findings);
        int found = await DiscoverAsync(findings);
        (int leaked, string what) = await OpenHandles.MoreThanAsync(sockets + 1, "/none");
        findings.Leaked(leaked, what);
        return $"the watch told {told} times of 4 changes; local discovery found its peer on {found} interfaces, the second one only after its sockets were renewed";
    }

    private static async Task<int> WatchAsync(Findings findings)
    {
        var told = new ConcurrentQueue<IReadOnlyList<PeerAddress>>();
        await Interfaces.AddAsync("one");
        using (NetworkWatch watch = NetworkWatch.Open(told.Enqueue, NullLogger.Instance))
        {
            findings.Require(NetworkWatch.Read().Count == 0, $"without an interface that is up there are {string.Join(", ", NetworkWatch.Read())}");
            await Interfaces.UpAsync("one");
            await Interfaces.AddAddressAsync("one", First + "/24");
            await ToldAsync(findings, told, [First], "an address came");
            await Interfaces.AddAddressAsync("one", Third + "/24");
            await ToldAsync(findings, told, [First, Third], "another one came");
            await Interfaces.RemoveAddressAsync("one", Third + "/24");
            await ToldAsync(findings, told, [First], "it went");
            await Interfaces.DownAsync("one");
            await ToldAsync(findings, told, [], "the interface went down");
        }
        int count = told.Count;
        using (NetworkWatch other = NetworkWatch.Open(told.Enqueue, NullLogger.Instance))
        {
            var silent = new ConcurrentQueue<IReadOnlyList<PeerAddress>>();
            NetworkWatch.Open(silent.Enqueue, NullLogger.Instance).Dispose();
            await Interfaces.UpAsync("one");
            await ToldAsync(findings, told, [First], "the interface came up again");
            findings.Require(silent.IsEmpty, "a watch that is disposed tells of changes");
        }
        return count;
    }

    /// <summary>The last that was told is what is there. Loopback and link-local addresses are never part of it.</summary>
    private static Task<bool> ToldAsync(Findings findings, ConcurrentQueue<IReadOnlyList<PeerAddress>> told, string[] addresses, string what)
    {
        var expected = addresses.Select(static a => PeerAddress.From(new IPEndPoint(IPAddress.Parse(a), 0))).ToHashSet();
        return Wait.UntilAsync(findings, () => told.LastOrDefault() is { } last && expected.SetEquals(last), () => $"{what}, and the watch says: {string.Join(", ", told.LastOrDefault() ?? [])}", TimeSpan.FromSeconds(20));
    }

    private static async Task<int> DiscoverAsync(Findings findings)
    {
        FoundPeers ours = new(), theirs = new();
        await using LocalDiscoveryService us = Open(OurPort, ours, seed: 1), them = Open(TheirPort, theirs, seed: 2);
        findings.Require(us.Interfaces == 1, $"local discovery speaks on {us.Interfaces} interfaces: {string.Join("; ", us.Failures)}");
        us.Add(s_hash);
        them.Add(s_hash);
        await FoundAsync(findings, ours, First, TheirPort);
        await FoundAsync(findings, theirs, First, OurPort);

        int sockets = OpenHandles.Count("/none");
        await Interfaces.DownAsync("one");
        await Interfaces.AddAsync("two");
        await Interfaces.UpAsync("two");
        await Interfaces.AddAddressAsync("two", Second + "/24");
        foreach (LocalDiscoveryService each in (LocalDiscoveryService[])[us, them])
        {
            each.Renew();
            each.Renew();
            each.Remove(s_hash);
            each.Add(s_hash);
        }
        await FoundAsync(findings, ours, Second, TheirPort);
        await FoundAsync(findings, theirs, Second, OurPort);
        (int more, string what) = await OpenHandles.MoreThanAsync(sockets, "/none");
        findings.Leaked(more, $"sockets of local discovery after it was renewed: {what}");
        await us.DisposeAsync();
        us.Renew();
        findings.Require(us.Interfaces == 0, "it opens sockets when it is renewed after its end");
        return ours.All.Count;
    }

    private static LocalDiscoveryService Open(ushort port, FoundPeers found, int seed)
        => LocalDiscoveryService.Open([PeerAddress.From(new IPEndPoint(IPAddress.Any, port))], found, new Random(seed), new FastTime(20), NullLogger.Instance);

    private static Task<bool> FoundAsync(Findings findings, FoundPeers found, string address, ushort port)
        => Wait.UntilAsync(findings, () => found.All.ContainsKey(PeerAddress.From(new IPEndPoint(IPAddress.Parse(address), port))), () => $"{address}:{port} was not found, but {string.Join(", ", found.All.Keys)}", TimeSpan.FromSeconds(30));
}
