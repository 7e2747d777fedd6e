namespace CcBt.Core.Interop.ExternalClients;

/// <summary>opentracker, HTTP and UDP on one port. Debian's build serves only the info hashes of its list.</summary>
internal sealed class OpenTracker
{
    private OpenTracker(Endpoint endpoint) => Endpoint = endpoint;

    public Endpoint Endpoint { get; }

    public string Http => $"http://{Endpoint}/announce";

    public string Udp => $"udp://{Endpoint}/announce";

    /// <summary>The tracker's URLs are wanted inside the .torrent, so the endpoint can be given, and the info hashes follow.</summary>
    public static async Task<OpenTracker> StartAsync(Lab lab, Endpoint endpoint, params InfoHash[] infoHashes)
    {
        string folder = lab.NewFolder("opentracker");
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        await File.WriteAllLinesAsync(Path.Combine(folder, "served"), infoHashes.Select(h => h.ToString().ToUpperInvariant()), lab.Token);
        // It gives up root and shuts itself into its folder. In a user namespace of our own there is nobody else to become, so it starts as nobody.
        string[] command = [.. AsNobody(), Installed.Program(RealClient.OpenTracker),
            "-i", endpoint.Address, "-p", $"{endpoint.Port}", "-P", $"{endpoint.Port}", "-d", folder, "-u", "nobody", "-w", "served"];
        ChildProcess process = lab.Start(command[0], command[1..], folder);
        await lab.UntilAsync(async () => process.HasEnded || await endpoint.AnswersAsync(lab.Token), () => process.Output);
        return process.HasEnded ? throw new InvalidOperationException(process.Output) : new OpenTracker(endpoint);
    }

    /// <summary>Waits until the tracker's scrape shows somebody who is complete.</summary>
    public async Task WaitForSeedAsync(Lab lab, InfoHash infoHash)
    {
        using var client = new HttpClient();
        string query = string.Concat(infoHash.ToArray().Select(b => $"%{b:X2}"));
        string answer = "";
        await lab.UntilAsync(async () =>
        {
            answer = await client.GetStringAsync(new Uri($"http://{Endpoint}/scrape?info_hash={query}"), lab.Token);
            return answer.Contains("8:complete", StringComparison.Ordinal) && !answer.Contains("8:completei0e", StringComparison.Ordinal);
        }, () => $"the tracker knows no seed: {answer}");
    }

    private static string[] AsNobody()
    {
        string map = File.ReadAllText("/proc/self/uid_map");
        bool isRealRoot = map.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["0", "0", "4294967295"];
        return isRealRoot ? [] : ["unshare", "-U", "--map-user=65534", "--map-group=65534"];
    }
}
