using System.Diagnostics;
using CcBt.Core;
using CcBt.Quickstart;

if (args.Length > 0)
    return await Download.RunAsync(args[0], "downloads");

// A swarm of our own on loopback: a few DHT nodes and one seeder with a fresh payload. No packet leaves this machine.
using var folder = new TemporaryFolder();
await using PrivateSwarm swarm = await PrivateSwarm.OpenAsync(folder["seed"]);
Console.WriteLine($"payload: {swarm.Payload.Length / 1048576} MiB, magnet: {swarm.Magnet}");

await using TorrentClient client = await TorrentClient.OpenAsync(swarm.OptionsFor("127.77.0.100"));
TorrentSession session = await client.AddAsync(swarm.Magnet, new AddTorrentOptions
{
    SaveDirectory = folder["download"],
    Start = StartMode.WhenPeersFound, // nobody calls StartAsync: the first peers found begin the download
});

int callbacks = 0;
session.PeersDiscovered += (_, e) => Interlocked.Increment(ref callbacks);

// Meanwhile many threads report the same peer again and again. The start gate lets one start through.
long began = Stopwatch.GetTimestamp();
Task<int> storm = Storm.RunAsync(session, swarm.Seeder, threads: 16, reportsEach: 40);
await Bars.ShowAsync(session);
await session.WaitForCompletionAsync();
TimeSpan took = Stopwatch.GetElapsedTime(began);

bool isEqual = await swarm.MatchesAsync(Path.Combine(session.SaveDirectory, swarm.Payload.Name));
Console.WriteLine($"callbacks: {await storm + callbacks}");
Console.WriteLine($"starts: {session.StartCounters.Begun}");
Console.WriteLine($"bytes: {session.Status.VerifiedBytes}");
Console.WriteLine($"rate: {session.Status.VerifiedBytes / 1048576 / took.TotalSeconds:0} MiB/s over {took.TotalSeconds:0.00} s, discovery included");
Console.WriteLine($"sha-256: {(isEqual ? "equal" : "DIFFERENT")}");
return isEqual && session.StartCounters.Begun == 1 ? 0 : 1;
