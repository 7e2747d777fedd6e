using System.Diagnostics;
using System.Net;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;
using CcBt.Core.Wire;

namespace CcBt.Core.Faults.Disk;

/// <summary>
/// A client downloads to a small file system that others have nearly filled, with its state on the same one. It says so, serves what it
/// has, claims no more, harms no other torrent, and ends by itself when there is room.
/// </summary>
internal static class DiskFullStory
{
    private const int Bytes = 3 << 20;
    private const int Megabytes = 6;

    /// <summary>The rests between tries of a full disk grow from ten seconds to a minute.</summary>
    private const int Faster = 10;

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        await using Lab lab = await Lab.CreateAsync(Bytes);
        await using Lab other = await Lab.CreateAsync(1 << 20);
        await using Lab late = await Lab.CreateAsync(200_000);
        string small = lab.FolderFor("small"), state = Path.Combine(small, "state"), save = Path.Combine(small, "save");
        await Mounts.TmpfsAsync(small, Megabytes);
        IPEndPoint seeder = await lab.SeedAsync(), otherSeeder = await other.SeedAsync();
        int before = OpenHandles.Count(lab.Folder);
        TorrentClient client = await lab.OpenAsync(o => o with { StateDirectory = state, TimeProvider = new FastTime(Faster) });
        TorrentSession neighbour = await client.AddAsync(other.Torrent, new AddTorrentOptions { SaveDirectory = lab.FolderFor("neighbour"), Peers = [otherSeeder] });
        string filler = Path.Combine(small, "filler");
        await FillAsync(filler, leave: Bytes / 2);

        TorrentSession session = await client.AddAsync(lab.Torrent, new AddTorrentOptions { SaveDirectory = save, Peers = [seeder] });
        await session.StartAsync().WaitAsync(Lab.Patience);
        await Wait.UntilAsync(findings, () => session.Status.Error is { Code: TorrentErrorCode.DiskFull }, () => $"no word of a full disk: {Wait.Describe(session)}");
        CheckError(findings, session.Status);
        int kept = await AddOnFullDiskAsync(client, late, findings) ? 3 : 2;
        await neighbour.StartAsync().WaitAsync(Lab.Patience);
        await Wait.UntilAsync(findings, () => neighbour.Status.IsComplete, () => $"the other torrent: {Wait.Describe(neighbour)}");

        int claimed = session.Status.VerifiedPieces;
        int taken = await TakeAsync(lab, client, claimed, findings);
        findings.Wrong(Math.Max(0, session.Status.VerifiedPieces - lab.GoodPieces(save).Count), "pieces that found no room are claimed");
        findings.Require(!session.Status.IsComplete && claimed < lab.Torrent.PieceCount, "it is complete on a disk that cannot hold it");
        long received = session.Status.DownloadedBytes;

        File.Delete(filler);
        var freed = Stopwatch.StartNew();
        await Wait.UntilAsync(findings, () => session.Status.IsComplete, () => $"it did not go on by itself: {Wait.Describe(session)}");
        double seconds = freed.Elapsed.TotalSeconds * Faster;
        findings.Require(session.Status.Error is null, $"the error stays: {session.Status.Error?.Message}");
        findings.Wrong(lab.IsWhole(save) ? 0 : 1, "complete, and the copy differs");
        await Wait.CloseAsync(findings, client, "the client");
        (int leaked, string what) = await OpenHandles.MoreThanAsync(before, lab.Folder);
        findings.Leaked(leaked, what);
        TorrentClient again = await lab.OpenAsync(o => o with { StateDirectory = state });
        findings.LostTorrents(kept - again.Sessions.Count, "torrents that were added before or while the disk was full did not come back");
        return $"{claimed} of {lab.Torrent.PieceCount} pieces fitted, {taken} of them served meanwhile, {(double)received / Bytes:0.0} copies received; complete {seconds:0} s of its clock after there was room";
    }

    /// <summary>What cannot be kept is not added, and says why; whether there is room for a few hundred bytes more is the file system's to say.</summary>
    private static async Task<bool> AddOnFullDiskAsync(TorrentClient client, Lab late, Findings findings)
    {
        int before = client.Sessions.Count;
        try
        {
            await client.AddAsync(late.Torrent, new AddTorrentOptions { SaveDirectory = late.FolderFor("late") }).WaitAsync(Lab.Patience);
            return true;
        }
        catch (TorrentStorageException error)
        {
            findings.Require(error is { Code: TorrentErrorCode.DiskFull, IsTransient: true }, $"adding on a full disk failed by {error.Code}, transient {error.IsTransient}: {error.Message}");
            findings.Require(client.Sessions.Count == before, "a torrent that was not added is there");
            return false;
        }
    }

    private static void CheckError(Findings findings, SessionStatus status)
    {
        TorrentException error = status.Error!;
        findings.Require(error is TorrentStorageException { IsTransient: true } && error.Place.Length > 0 && error.InnerException is not null,
            $"the error does not say what, where and why: {error.GetType().Name} at '{error.Place}', transient {error.IsTransient}, cause {error.InnerException?.GetType().Name}");
        findings.Require(status.State == SessionState.Downloading, $"the session is {status.State}");
    }

    /// <summary>Somebody who knows only the client with the full disk gets from it what it has.</summary>
    private static async Task<int> TakeAsync(Lab lab, TorrentClient client, int pieces, Findings findings)
    {
        TorrentClient taker = await lab.OpenAsync();
        TorrentSession session = await taker.AddAsync(lab.Torrent, new AddTorrentOptions { SaveDirectory = lab.FolderFor("taker"), Peers = [client.ListenEndPoints[0]] });
        await session.StartAsync().WaitAsync(Lab.Patience);
        await Wait.UntilAsync(findings, () => session.Status.VerifiedPieces >= pieces, () => $"of {pieces} pieces on the full disk it served {session.Status.VerifiedPieces}: {Wait.Describe(session)}");
        int taken = session.Status.VerifiedPieces;
        PieceSet good = lab.GoodPieces(lab.FolderFor("taker"));
        findings.Wrong(Math.Max(0, taken - good.Count) + (int)(session.Status.WastedBytes / lab.Torrent.PieceLength), "wrong blocks were served");
        await Wait.CloseAsync(findings, taker, "the taker");
        return taken;
    }

    private static async Task FillAsync(string path, int leave)
    {
        long free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        await File.WriteAllBytesAsync(path, new byte[free - leave]);
    }
}
