using System.Diagnostics;
using System.Net;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults.Disk;

/// <summary>A save directory that nobody may write to, from the beginning or from the middle on: a typed error soon, and no harm to others.</summary>
internal static class ReadOnlyStory
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(1);

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        await using Lab lab = await Lab.CreateAsync(2 << 20);
        await using Lab other = await Lab.CreateAsync(1 << 20);
        string mount = lab.FolderFor("mount");
        await Mounts.TmpfsAsync(mount, 8);
        Directory.CreateDirectory(Path.Combine(mount, "there"));
        IPEndPoint seeder = await lab.SeedAsync(), otherSeeder = await other.SeedAsync();
        int before = OpenHandles.Count(lab.Folder);
        TorrentClient client = await lab.OpenAsync(o => o with { StateDirectory = lab.FolderFor("state") });
        TorrentSession neighbour = await client.AddAsync(other.Torrent, new AddTorrentOptions { SaveDirectory = lab.FolderFor("neighbour"), Peers = [otherSeeder], DownloadBytesPerSecond = 256 << 10 });
        await neighbour.StartAsync().WaitAsync(Lab.Patience);

        TimeSpan lost = await LoseInTheMiddleAsync(lab, client, mount, seeder, findings);
        TimeSpan there = await RefusedAsync(lab, client, Path.Combine(mount, "there"), seeder, findings);
        TimeSpan missing = await RefusedAsync(lab, client, Path.Combine(mount, "missing"), seeder, findings);
        await Wait.UntilAsync(findings, () => neighbour.Status.IsComplete, () => $"the other torrent: {Wait.Describe(neighbour)}");
        findings.Require(neighbour.Status.Error is null, "the other torrent has a problem too");

        await Mounts.MakeWritableAsync(mount);
        TorrentSession again = await client.AddAsync(lab.Torrent, new AddTorrentOptions { SaveDirectory = Path.Combine(mount, "lost"), Peers = [seeder] });
        await again.StartAsync().WaitAsync(Lab.Patience);
        await Wait.UntilAsync(findings, () => again.Status.IsComplete, () => $"after the mount was made writable: {Wait.Describe(again)}");
        findings.Wrong(lab.IsWhole(Path.Combine(mount, "lost")) ? 0 : 1, "complete, and the copy differs");
        await Wait.CloseAsync(findings, client, "the client");
        (int leaked, string what) = await OpenHandles.MoreThanAsync(before, lab.Folder);
        findings.Leaked(leaked, what);
        return $"told {lost.TotalMilliseconds:0} ms after going on where writing was no longer allowed, {there.TotalMilliseconds:0} ms after a start in a read-only directory, {missing.TotalMilliseconds:0} ms where it would have to be made";
    }

    private static async Task<TimeSpan> RefusedAsync(Lab lab, TorrentClient client, string folder, IPEndPoint seeder, Findings findings)
    {
        TorrentSession session = await client.AddAsync(lab.Torrent, new AddTorrentOptions { SaveDirectory = folder, Peers = [seeder] });
        var watch = Stopwatch.StartNew();
        try
        {
            await session.StartAsync().WaitAsync(Lab.Patience);
        }
        catch (TorrentStorageException)
        {
            // Told at once, which is sooner than the first write.
        }
        return await ToldAsync(session, watch, folder, findings);
    }

    private static async Task<TimeSpan> LoseInTheMiddleAsync(Lab lab, TorrentClient client, string mount, IPEndPoint seeder, Findings findings)
    {
        string folder = Path.Combine(mount, "lost");
        TorrentSession session = await client.AddAsync(lab.Torrent, new AddTorrentOptions { SaveDirectory = folder, Peers = [seeder], DownloadBytesPerSecond = 2 << 20 });
        await session.StartAsync().WaitAsync(Lab.Patience);
        await Wait.UntilAsync(findings, () => session.Status.VerifiedPieces >= 4, () => $"the beginning: {Wait.Describe(session)}");
        await session.PauseAsync();
        // A system makes no mount read-only while files are open in it for writing.
        await RemountAsync(mount);
        int claimed = session.Status.VerifiedPieces;
        session.SetRateLimits(0, 0);
        var watch = Stopwatch.StartNew();
        await session.StartAsync().WaitAsync(Lab.Patience);
        TimeSpan told = await ToldAsync(session, watch, folder, findings);
        findings.Wrong(Math.Max(0, claimed - lab.GoodPieces(folder).Count), "claimed pieces are gone");
        return told;
    }

    private static async Task RemountAsync(string mount)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                await Mounts.MakeReadOnlyAsync(mount);
                return;
            }
            catch (IOException) when (tries < 100)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>The error, typed and for good; then the session is disposed.</summary>
    private static async Task<TimeSpan> ToldAsync(TorrentSession session, Stopwatch watch, string folder, Findings findings)
    {
        await Wait.UntilAsync(findings, () => session.Status.Error is not null, () => $"nobody was told that '{folder}' cannot be written: {Wait.Describe(session)}");
        TimeSpan told = watch.Elapsed;
        findings.Require(session.Status.Error is TorrentStorageException { Code: TorrentErrorCode.AccessDenied, IsTransient: false }, $"'{folder}' gave {session.Status.Error?.GetType().Name} {session.Status.Error?.Code}: {session.Status.Error?.Message}");
        findings.Require(session.Status.State == SessionState.Faulted, $"the session is {session.Status.State}");
        findings.Require(told < s_bound * 5, $"'{folder}' was told after {told.TotalSeconds:0.0} s");
        await Wait.CloseAsync(findings, session, "the session");
        return told;
    }
}
