using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace CcBt.Core.Benchmarks;

/// <summary>What torrents cost that are started and have no peers: managed bytes each, and allocation while nothing happens.</summary>
internal static class IdleTorrents
{
    private const int Pieces = 1024;

    public static async Task RunAsync(int count)
    {
        string directory = Directory.CreateTempSubdirectory("ccbt-idle").FullName;
        try
        {
            await using TorrentClient client = await TorrentClient.OpenAsync(new TorrentClientOptions
            {
                ListenEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
                EnableDht = false,
                EnableLocalDiscovery = false,
            });
            long before = GC.GetTotalMemory(forceFullCollection: true);
            var starts = new List<Task>();
            for (int i = 0; i < count; i++)
            {
                TorrentSession session = await client.AddAsync(Torrent.Parse(File($"idle{i:00000}")), new AddTorrentOptions { SaveDirectory = directory });
                starts.Add(session.StartAsync());
            }
            await Task.WhenAll(starts);
            await Task.Delay(TimeSpan.FromSeconds(3));
            long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            await Task.Delay(TimeSpan.FromSeconds(5));
            allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            Console.WriteLine($"{count} idle torrents of {Pieces} pieces: {each:N0} managed bytes each; {allocated / 5:N0} bytes allocated a second by all");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>A torrent of 1 GiB in pieces of 1 MiB whose data nobody has.</summary>
    private static byte[] File(string name)
    {
        byte[] head = Encoding.ASCII.GetBytes($"d4:infod6:lengthi{(long)Pieces << 20}e4:name{name.Length}:{name}12:piece lengthi{1 << 20}e6:pieces{Pieces * SHA1.HashSizeInBytes}:");
        return [.. head, .. RandomNumberGenerator.GetBytes(Pieces * SHA1.HashSizeInBytes), .. "ee"u8];
    }
}
