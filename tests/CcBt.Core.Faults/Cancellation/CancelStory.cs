using System.Net;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults.Cancellation;

/// <summary>
/// Calls each public async method again and again, its token cancelled at the first await, at the second, and so on until it ends before. After each:
/// it ended, the same call works again, the client closes in time and completely, and a client opened on the same state has the torrent.
/// </summary>
internal static class CancelStory
{
    private const int MostAwaits = 200;
    private const int MostEarly = 10;

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        using var watch = new AwaitWatch();
        await using Lab lab = await Lab.CreateAsync(96 << 10, 32 << 10);
        TorrentClient node = await lab.OpenAsync(static o => o with { EnableDht = true });
        TorrentClient second = await lab.OpenAsync(o => o with { EnableDht = true, DhtRouters = [node.ListenEndPoints[0].ToString()] });
        await foreach (IReadOnlyList<IPEndPoint> _ in second.FindPeersAsync(lab.Torrent.SwarmHash))
        {
            // Only so that the router can name a node that lives: searches end when one has answered.
        }
        IPEndPoint seeder = await lab.SeedAsync();
        int awaits = 0, cancelled = 0;
        var counts = new List<string>();
        foreach (CancelCase each in options.Count > 0 ? CancelCases.All.Skip(options.Count - 1).Take(1) : CancelCases.All)
        {
            int at = 1;
            int early = 0;
            while (at <= MostAwaits)
            {
                var scene = new CancelScene(lab, $"run-{counts.Count}-{at}-{early}", seeder, node.ListenEndPoints[0].ToString());
                using var point = new AwaitPoint(at);
                cancelled += await PlayAsync(each, scene, point, findings) ? 1 : 0;
                // An answer may be there before it is awaited, and then there was nothing to cancel yet.
                if (!point.HasStruck && (at > 1 || ++early == MostEarly))
                    break;
                at += point.HasStruck ? 1 : 0;
            }
            findings.Require(at is > 1 and <= MostAwaits, $"{each.Name}: {at - 1} awaits");
            awaits += at - 1;
            counts.Add($"{each.Name} {at - 1}");
        }
        return $"{counts.Count} calls, {awaits} awaits, {cancelled} ended as cancelled ({string.Join(", ", counts)})";
    }

    private static async Task<bool> PlayAsync(CancelCase of, CancelScene scene, AwaitPoint point, Findings findings)
    {
        string where = $"{of.Name} cancelled at await {point.Passed}";
        int before = OpenHandles.Count(scene.Folder);
        await scene.PrepareAsync(of);
        bool wasCancelled = false;
        try
        {
            await AwaitWatch.RunAsync(point, ct => of.Act(scene, ct)).WaitAsync(Lab.Patience);
        }
        catch (OperationCanceledException)
        {
            wasCancelled = true;
        }
        catch (TimeoutException)
        {
            findings.Hung($"{of.Name} with a cancellation at await {point.Passed}");
        }
        where = $"{of.Name} cancelled at one of {point.Passed} awaits";
        await AgainAsync(of, scene, where, wasCancelled, findings);
        foreach (IAsyncDisposable? each in (IAsyncDisposable?[])[scene.Single, scene.Client])
        {
            if (each is not null)
                await Wait.CloseAsync(findings, each, where);
        }
        (int leaked, string what) = await OpenHandles.MoreThanAsync(before, scene.Folder);
        findings.Leaked(leaked, $"{where}: {what}");
        await ReopenAsync(of, scene, where, findings);
        return wasCancelled;
    }

    /// <summary>A cancelled call changed nothing that would keep the next one from its work.</summary>
    private static async Task AgainAsync(CancelCase of, CancelScene scene, string where, bool wasCancelled, Findings findings)
    {
        if (!wasCancelled)
            return;
        try
        {
            await of.Act(scene, CancellationToken.None).WaitAsync(Lab.Patience);
        }
        catch (TimeoutException)
        {
            findings.Hung($"{where}: the same call after it");
        }
        catch (TorrentException exception)
        {
            findings.Require(false, $"{where}: the same call after it: {exception.Message}");
        }
        catch (ObjectDisposedException) when (of.Removes)
        {
            // The session is gone, as it was asked for.
        }
    }

    private static async Task ReopenAsync(CancelCase of, CancelScene scene, string where, Findings findings)
    {
        bool isKept = of.HasSession || !of.HasClient || of.Name.StartsWith("TorrentClient.AddAsync", StringComparison.Ordinal);
        int expected = isKept && !of.Removes ? 1 : 0;
        await using TorrentClient client = await scene.OpenAsync(CancellationToken.None);
        findings.LostTorrents(Math.Abs(expected - client.Sessions.Count), $"{where}: {client.Sessions.Count} torrents came back instead of {expected}");
    }
}
