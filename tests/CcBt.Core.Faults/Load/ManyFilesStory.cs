using System.Diagnostics;
using System.Security.Cryptography;
using CcBt.Core.Addressing;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;
using CcBt.Core.Metainfo;
using CcBt.Core.Swarm;

namespace CcBt.Core.Faults.Load;

/// <summary>A torrent of 100,000 files and as many pieces: read, added, started, a file of it downloaded, closed; and pieces picked for 500 peers that have half of them each.</summary>
internal static class ManyFilesStory
{
    private const int UsualFiles = 100_000;
    private const int PieceLength = 16 << 10;
    private const int Peers = 500;
    private const int Picks = 20_000;

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        int count = options.Count > 0 ? options.Count : UsualFiles;
        await using Lab lab = await Lab.CreateAsync(1);
        int open = OpenHandles.Count(lab.Folder);
        byte[] file = Many(count);
        var watch = Stopwatch.StartNew();
        Torrent torrent = Torrent.Parse(file);
        double parsed = watch.Elapsed.TotalSeconds;
        TorrentClient client = await lab.OpenAsync(o => o with { StateDirectory = lab.FolderFor("state") });
        watch.Restart();
        TorrentSession session = await client.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = lab.FolderFor("many"), FileFilter = static f => f.Path.EndsWith("000.bin", StringComparison.Ordinal) });
        double added = watch.Elapsed.TotalSeconds;
        watch.Restart();
        await session.StartAsync().WaitAsync(Lab.Patience);
        double started = watch.Elapsed.TotalSeconds;
        findings.Require(session.Status.SelectedBytes == (long)(count + 999) / 1_000 * PieceLength, $"{session.Status.SelectedBytes} bytes are selected");
        double pick = PickMicroseconds(count, options.Seed);
        findings.Require(parsed + added < 2, $"reading took {parsed:0.00} s and adding {added:0.00} s");
        findings.Require(pick < 20, $"a pick took {pick:0.0} µs");
        watch.Restart();
        await Wait.CloseAsync(findings, client, "the client");
        double closed = watch.Elapsed.TotalSeconds;
        watch.Restart();
        TorrentClient again = await lab.OpenAsync(o => o with { StateDirectory = lab.FolderFor("state") });
        findings.LostTorrents(1 - again.Sessions.Count, "the torrent did not come back");
        double back = watch.Elapsed.TotalSeconds;
        await Wait.CloseAsync(findings, again, "the client that came back");
        (int leaked, string what) = await OpenHandles.MoreThanAsync(open, lab.Folder);
        findings.Leaked(leaked, what);
        return $"{count:N0} files and pieces: read {parsed:0.00} s, added {added:0.00} s (on the disk), started {started:0.00} s, closed {closed:0.00} s, back {back:0.00} s; {pick:0.00} µs a pick with {Peers} peers";
    }

    private static byte[] Many(int count)
    {
        var files = new DraftFile[count];
        for (int i = 0; i < count; i++)
            files[i] = new DraftFile([$"folder{i / 1_000:000}", $"file{i:000000}.bin"], PieceLength);
        byte[] hash = SHA1.HashData(new byte[PieceLength]);
        byte[] hashes = [.. Enumerable.Repeat(hash, count).SelectMany(static h => h)];
        byte[] info = InfoWriter.Write(new InfoDraft { Name = "many", PieceLength = PieceLength, Files = files, PieceHashes = hashes });
        return TorrentWriter.Write(info, new TorrentDetails());
    }

    private static double PickMicroseconds(int pieces, int seed)
    {
        var random = new Random(seed);
        var order = new PieceOrder(pieces, random);
        var links = new SwarmLink[Peers];
        var bits = new byte[(pieces + 7) / 8];
        for (int i = 0; i < Peers; i++)
        {
            random.NextBytes(bits);
            bits[^1] &= (byte)(0xFF << (bits.Length * 8 - pieces));
            SwarmLink link = links[i] = new SwarmLink(i, PeerAddress.FromV4((uint)(0x50000000 + i), 1), true, true, TimeSpan.Zero) { PeerChoking = false };
            link.Pieces.TryArm(pieces);
            link.Pieces.SetBits(bits);
            order.AddPeer(link.Pieces);
        }
        for (int piece = 0; piece < pieces; piece++)
            order.Add(piece);
        var watch = Stopwatch.StartNew();
        for (int turn = 0; turn < Math.Min(Picks, pieces / 2); turn++)
        {
            if (order.TryPick(links[turn % Peers], anyPiece: false, out int picked))
                order.Remove(picked);
        }
        return watch.Elapsed.TotalMicroseconds / Math.Min(Picks, pieces / 2);
    }
}
