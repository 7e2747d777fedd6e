using System.Diagnostics;
using System.Security.Cryptography;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;
using CcBt.Core.Metainfo;
using CcBt.Core.Session;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Faults.State;

/// <summary>How long a large torrent takes to be there again: opened, started, and its pieces believed without hashing them.</summary>
internal static class ResumeStory
{
    private const int UsualGigabytes = 10;
    private const int PieceLength = 4 << 20;

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        int gigabytes = options.Count > 0 ? options.Count : UsualGigabytes;
        await using Lab lab = await Lab.CreateAsync(1);
        Torrent torrent = Zeros((long)gigabytes << 30);
        string folder = lab.FolderFor("large");
        Directory.CreateDirectory(folder);
        using (FileStream file = File.Create(Path.Combine(folder, torrent.Files[0].Path)))
            file.SetLength(torrent.Files[0].Length);
        var all = new PieceSet(torrent.PieceCount);
        all.Fill();
        var half = new PieceSet(torrent.PieceCount);
        for (int piece = 0; piece < torrent.PieceCount; piece += 2)
            half.Add(piece);
        double whole = await MeasureAsync(lab, torrent, folder, all, findings), partial = await MeasureAsync(lab, torrent, folder, half, findings);
        return $"{gigabytes} GiB in {torrent.PieceCount} pieces: finished {whole:0.00} s, half finished {partial:0.00} s from opening the client to the end of the start";
    }

    private static async Task<double> MeasureAsync(Lab lab, Torrent torrent, string folder, PieceSet have, Findings findings)
    {
        string state = lab.FolderFor($"state-{have.Count}");
        DiskFileInfo file = OperatingSystemDisk.Instance.GetInfo(DiskPath.Create(folder, torrent.Files[0].Path));
        using (var saved = new StateFolder(state, OperatingSystemDisk.Instance))
        {
            saved.Open("sessions");
            var resume = new ResumeData
            {
                HashV1 = torrent.InfoHashV1, Name = torrent.Name, Info = torrent.RawInfo, SaveDirectory = folder, IsStarted = true,
                Have = have.Bytes.ToArray(), Files = [file], Parts = DiskFileInfo.Missing,
            };
            await saved.SaveAsync($"sessions/{torrent.SwarmHash}", resume.ToBytes());
        }
        var watch = Stopwatch.StartNew();
        TorrentClient client = await lab.OpenAsync(o => o with { StateDirectory = state });
        TorrentSession session = client.Sessions.Single();
        await session.StartAsync().WaitAsync(Lab.Patience);
        double seconds = watch.Elapsed.TotalSeconds;
        findings.LostPieces(have.Count - session.Status.VerifiedPieces, $"{session.Status.VerifiedPieces} of {have.Count} pieces are had again");
        findings.Require(seconds < 2, $"it took {seconds:0.00} s");
        await Wait.CloseAsync(findings, client, "the client");
        return seconds;
    }

    /// <summary>A torrent of zeros: its file needs no room, and its one hash is made once.</summary>
    private static Torrent Zeros(long length)
    {
        byte[] hash = SHA1.HashData(new byte[PieceLength]);
        byte[] hashes = [.. Enumerable.Repeat(hash, (int)(length / PieceLength)).SelectMany(static h => h)];
        byte[] info = InfoWriter.Write(new InfoDraft { Name = "zeros", PieceLength = PieceLength, Files = [new DraftFile([], length)], PieceHashes = hashes });
        return Torrent.Parse(TorrentWriter.Write(info, new TorrentDetails()));
    }
}
