using System.Globalization;
using System.Net;
using CcBt.Core.Faults.Clients;

namespace CcBt.Core.Faults.Crash;

/// <summary>
/// The program that is killed: it downloads with state, and says on its output how far it is: <c>added</c>, <c>started N</c> with the pieces
/// that it began with, <c>complete</c>.
/// </summary>
internal static class CrashingDownload
{
    public static IReadOnlyList<string> Arguments(string torrent, string state, string folder, IPEndPoint seeder, TimeSpan saveInterval)
        => ["download", torrent, state, folder, seeder.ToString(), saveInterval.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)];

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [string torrent, string state, string folder, string seeder, string milliseconds])
            return 2;
        TorrentClientOptions options = Lab.Options() with
        {
            StateDirectory = state,
            SaveInterval = TimeSpan.FromMilliseconds(int.Parse(milliseconds, CultureInfo.InvariantCulture)),
        };
        await using TorrentClient client = await TorrentClient.OpenAsync(options);
        TorrentSession session = client.Sessions.Count > 0
            ? client.Sessions[0]
            : await client.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = folder });
        // From here on it must never be lost.
        await SayAsync("added");
        await session.StartAsync();
        await SayAsync($"started {session.Status.VerifiedPieces}");
        session.AddPeers([IPEndPoint.Parse(seeder)]);
        await session.WaitForCompletionAsync();
        await SayAsync("complete");
        return 0;
    }

    private static async Task SayAsync(string line)
    {
        await Console.Out.WriteLineAsync(line);
        await Console.Out.FlushAsync();
    }
}
