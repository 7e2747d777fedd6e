using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults.State;

/// <summary>
/// The state directory of a real client, with two torrents and a DHT table, each saved twice. Bytes are flipped and files cut, one at a time; a
/// whole client opens, has both torrents, and says what it found.
/// </summary>
internal static class GarbageStory
{
    private const int UsualStep = 61;
    private const string Former = ".bak";

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        int step = options.Count > 0 ? options.Count : UsualStep;
        var random = new Random(options.Seed);
        await using Lab lab = await Lab.CreateAsync(100_000);
        await using Lab other = await Lab.CreateAsync(70_000);
        string state = lab.FolderFor("state");
        SavedState good = await MakeAsync(lab, other, state);
        int before = OpenHandles.Count(lab.Folder), flips = 0, cuts = 0;
        foreach ((string path, byte[] bytes) in good.Files)
        {
            for (int at = random.Next(step); at < bytes.Length; at += step, flips++)
            {
                byte mask = (byte)random.Next(1, 256);
                await OpenAsync(good, path, b => { b[at] ^= mask; return b; }, $"{Path.GetFileName(path)} with byte {at} flipped", lab, state, findings);
            }
            for (int length = random.Next(step); length < bytes.Length; length += 4 * step, cuts++)
                await OpenAsync(good, path, b => b[..length], $"{Path.GetFileName(path)} cut to {length} bytes", lab, state, findings);
        }
        await BothCopiesAsync(good, lab, state, findings);
        (int leaked, string what) = await OpenHandles.MoreThanAsync(before, lab.Folder);
        findings.Leaked(leaked, what);
        return $"{good.Files.Count} files, {flips} flipped bytes and {cuts} cuts (step {step}): crashed 0";
    }

    private static async Task<SavedState> MakeAsync(Lab lab, Lab other, string state)
    {
        TorrentClient node = await lab.OpenAsync(static o => o with { EnableDht = true });
        string router = node.ListenEndPoints[0].ToString();
        TorrentClient second = await lab.OpenAsync(o => o with { EnableDht = true, DhtRouters = [router] });
        await foreach (IReadOnlyList<System.Net.IPEndPoint> _ in second.FindPeersAsync(lab.Torrent.SwarmHash))
        {
        }
        await using (TorrentClient client = await TorrentClient.OpenAsync(Options(state) with { DhtRouters = [router] }))
        {
            foreach (Lab each in (Lab[])[lab, other])
            {
                TorrentSession session = await client.AddAsync(each.Torrent, new AddTorrentOptions { SaveDirectory = each.SeedFolder });
                await session.StartAsync().WaitAsync(Lab.Patience);
                await session.WaitForCompletionAsync().WaitAsync(Lab.Patience);
            }
            // A router is in no table; the node that it names is.
            await foreach (IReadOnlyList<System.Net.IPEndPoint> _ in client.FindPeersAsync(lab.Torrent.SwarmHash))
            {
            }
        }
        await using (await TorrentClient.OpenAsync(Options(state)))
        {
            // Closing saves everything once more, which makes former copies.
        }
        return SavedState.Read(state);
    }

    private static TorrentClientOptions Options(string state) => Lab.Options() with { StateDirectory = state, EnableDht = true };

    private static async Task OpenAsync(SavedState good, string path, Func<byte[], byte[]> damage, string what, Lab lab, string state, Findings findings)
    {
        good.Restore((p, bytes) => p == path ? damage(bytes) : bytes);
        var log = new WarningCount();
        TorrentClient client;
        try
        {
            client = await TorrentClient.OpenAsync(Options(state) with { LoggerFactory = log }).WaitAsync(Lab.Patience);
        }
        catch (TorrentException exception)
        {
            findings.Require(false, $"{what}: the client does not open: {exception.Message}");
            return;
        }
        findings.LostTorrents(2 - client.Sessions.Count, $"{what}: {client.Sessions.Count} sessions came back");
        findings.Require(log.Count > 0 == !path.EndsWith(Former, StringComparison.Ordinal), $"{what}: {log.Count} warnings");
        foreach (TorrentSession session in client.Sessions)
            await Wait.UntilAsync(findings, () => session.Status.IsComplete, () => $"{what}: {Wait.Describe(session)}");
        await Wait.CloseAsync(findings, client, what);
    }

    /// <summary>Nothing brings a torrent back of which both copies are damaged; the rest opens, and it can be added again.</summary>
    private static async Task BothCopiesAsync(SavedState good, Lab lab, string state, Findings findings)
    {
        string name = lab.Torrent.SwarmHash.ToString();
        good.Restore((path, bytes) =>
        {
            if (Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal))
                bytes[^1] ^= 0x10;
            return bytes;
        });
        var log = new WarningCount();
        TorrentClient client = await lab.OpenAsync(_ => Options(state) with { LoggerFactory = log });
        findings.Require(client.Sessions.Count == 1 && log.Count > 0, $"both copies of a state damaged: {client.Sessions.Count} sessions, {log.Count} warnings");
        TorrentSession session = await client.AddAsync(lab.Torrent, new AddTorrentOptions { SaveDirectory = lab.SeedFolder });
        await session.StartAsync().WaitAsync(Lab.Patience);
        await Wait.UntilAsync(findings, () => session.Status.IsComplete, () => $"added again: {Wait.Describe(session)}");
        await Wait.CloseAsync(findings, client, "the client");
    }
}
