using System.Net;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults.Disk;

/// <summary>
/// Somebody truncates, deletes, replaces or overwrites a file while it is seeded or downloaded. No wrong block leaves the client, the
/// file is checked again, what is gone is fetched again, and what is called complete is complete under its name.
/// </summary>
internal static class TamperStory
{
    private const int Bytes = 6 << 20;

    /// <summary>Peers that part are left in peace for ten seconds and more.</summary>
    private const int Faster = 8;

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        await using Lab lab = await Lab.CreateAsync(Bytes);
        IPEndPoint seeder = await lab.SeedAsync();
        int before = OpenHandles.Count(lab.Folder), served = 0;
        foreach (Tampering tampering in Enum.GetValues<Tampering>())
        {
            string name = $"{tampering}".ToLowerInvariant();
            served += await WhileSeedingAsync(lab, seeder, tampering, $"{name}-seeding", findings);
            // What is written over a file that is being written leaves no sign, except in a check.
            if (tampering != Tampering.Overwrite)
                await WhileDownloadingAsync(lab, seeder, tampering, $"{name}-downloading", findings);
        }
        (int leaked, string what) = await OpenHandles.MoreThanAsync(before, lab.Folder);
        findings.Leaked(leaked, what);
        return $"{Enum.GetValues<Tampering>().Length} ways while seeding, all but overwriting while downloading; {served} pieces served by tampered clients, none wrong";
    }

    /// <summary>The tampered client is the only source of another one, and has a source itself.</summary>
    private static async Task<int> WhileSeedingAsync(Lab lab, IPEndPoint seeder, Tampering tampering, string name, Findings findings)
    {
        string folder = lab.FolderFor(name);
        TorrentClient client = await lab.OpenAsync(o => o with { TimeProvider = new FastTime(Faster) });
        TorrentSession session = await BeginAsync(lab, client, folder, seeder, rate: 0);
        await Wait.UntilAsync(findings, () => session.Status.IsComplete, () => $"{name}: {Wait.Describe(session)}");
        TorrentClient taker = await lab.OpenAsync(o => o with { EnablePeerExchange = false, TimeProvider = new FastTime(Faster) });
        TorrentSession taking = await BeginAsync(lab, taker, folder + "-taker", client.ListenEndPoints[0], rate: 2 << 20);
        await Wait.UntilAsync(findings, () => taking.Status.VerifiedPieces >= 8, () => $"{name}: the taker: {Wait.Describe(taking)}");

        Tamper(tampering, Path.Combine(folder, "payload.bin"));

        await Wait.UntilAsync(findings, () => taking.Status.IsComplete, () => $"{name}: the taker: {Wait.Describe(taking)}");
        findings.Wrong((int)((taking.Status.WastedBytes + lab.Torrent.PieceLength - 1) / lab.Torrent.PieceLength), $"{name}: {taking.Status.WastedBytes} bytes of failed pieces were served");
        await Wait.UntilAsync(findings, () => session.Status.IsComplete && lab.IsWhole(folder), () => $"{name}: {lab.GoodPieces(folder).Count} pieces are under the name: {Wait.Describe(session)}", TimeSpan.FromSeconds(20));
        int served = (int)(session.Status.UploadedBytes / lab.Torrent.PieceLength);
        await Wait.CloseAsync(findings, taker, "the taker");
        await Wait.CloseAsync(findings, client, "the client");
        return served;
    }

    private static async Task WhileDownloadingAsync(Lab lab, IPEndPoint seeder, Tampering tampering, string name, Findings findings)
    {
        string folder = lab.FolderFor(name);
        TorrentClient client = await lab.OpenAsync(o => o with { TimeProvider = new FastTime(Faster) });
        TorrentSession session = await BeginAsync(lab, client, folder, seeder, rate: 3 << 20);
        await Wait.UntilAsync(findings, () => session.Status.VerifiedPieces >= lab.Torrent.PieceCount / 3, () => $"{name}: {Wait.Describe(session)}");

        Tamper(tampering, Path.Combine(folder, "payload.bin"));

        await session.WaitForCompletionAsync().WaitAsync(Lab.Patience);
        int missing = lab.Torrent.PieceCount - lab.GoodPieces(folder).Count;
        findings.Wrong(missing, $"{name}: complete, and {missing} pieces are not under the name: {Wait.Describe(session)}");
        await Wait.CloseAsync(findings, client, "the client");
    }

    private static async Task<TorrentSession> BeginAsync(Lab lab, TorrentClient client, string folder, IPEndPoint peer, long rate)
    {
        TorrentSession session = await client.AddAsync(lab.Torrent, new AddTorrentOptions { SaveDirectory = folder, Peers = [peer], DownloadBytesPerSecond = rate / Faster });
        await session.StartAsync().WaitAsync(Lab.Patience);
        return session;
    }

    private static void Tamper(Tampering tampering, string path)
    {
        switch (tampering)
        {
            case Tampering.Truncate:
                using (FileStream file = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                    file.SetLength(Bytes / 4);
                break;
            case Tampering.Delete:
                File.Delete(path);
                break;
            case Tampering.Replace:
                File.WriteAllBytes(path + ".new", new byte[Bytes]);
                File.Move(path + ".new", path, overwrite: true);
                break;
            case Tampering.Overwrite:
                using (FileStream file = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                    file.Write(new byte[Bytes]);
                break;
        }
    }
}
