using System.Globalization;

namespace CcBt.Core.Faults.Crash;

/// <summary>
/// A program that adds torrents at once and kills itself in the instant in which the n-th <c>AddAsync</c> has returned. Before that it says of each
/// that has returned: <c>added HASH</c>.
/// </summary>
internal static class AddingLife
{
    public static IReadOnlyList<string> Arguments(string state, string folder, int life, int adds, int killAt)
        => ["add", state, folder, .. new[] { life, adds, killAt }.Select(static n => n.ToString(CultureInfo.InvariantCulture))];

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [string state, string folder, .. string[] numbers] || numbers.Length != 3)
            return 2;
        int life = int.Parse(numbers[0], CultureInfo.InvariantCulture), adds = int.Parse(numbers[1], CultureInfo.InvariantCulture), left = int.Parse(numbers[2], CultureInfo.InvariantCulture);
        TorrentClient client = await TorrentClient.OpenAsync(Clients.Lab.Options() with { StateDirectory = state });
        Console.WriteLine($"restored {client.Sessions.Count}");
        using Stream output = Console.OpenStandardOutput();
        await Task.WhenAll(Enumerable.Range(0, adds).Select(async i =>
        {
            var link = new MagnetLink(InfoHash.Parse($"{life:x20}{i:x20}"));
            await client.AddAsync(link, new AddTorrentOptions { SaveDirectory = folder }).ConfigureAwait(false);
            byte[] line = System.Text.Encoding.ASCII.GetBytes($"added {link.SwarmHash}\n");
            lock (output)
                output.Write(line);
            if (Interlocked.Decrement(ref left) == 0)
                System.Diagnostics.Process.GetCurrentProcess().Kill();
        }));
        return 1;
    }
}
