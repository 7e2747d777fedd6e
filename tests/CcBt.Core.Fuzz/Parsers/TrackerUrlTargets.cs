using System.Text;
using CcBt.Core.Addressing;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Trackers;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>URLs of trackers, from torrents and from redirects.</summary>
internal static class TrackerUrlTargets
{
    private static readonly UriCreationOptions s_asItStands = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ParserTarget<TrackerUrl>("tracker-url", InputForm.Text, random => Encoding.UTF8.GetBytes(random.Url()),
            (byte[] input, out TrackerUrl url) => TrackerUrl.TryParse(Encoding.UTF8.GetString(input), out url!, out _), Verify),
        new ParserTarget<TrackerUrl>("tracker-url-idn", InputForm.Text, random => Encoding.UTF8.GetBytes($"http://{random.Pick(["bücher", "例え", "xn--bcher-kva"])}.example/announce"),
            (byte[] input, out TrackerUrl url) => TrackerUrl.TryParse(Encoding.UTF8.GetString(input), out url!, out _, allowLookAlikeHosts: true), VerifyUrl),
        new ParserTarget<TrackerUrl>("redirect-url", InputForm.Text, random => Encoding.UTF8.GetBytes($"http://{random.Word()}.example/{random.Word()}?port={random.Next(100)}"),
            (byte[] input, out TrackerUrl url) => TrackerUrl.TryParseRedirect(Encoding.UTF8.GetString(input), out url!), VerifyRedirect),
    ];

    private static void Verify(byte[] input, TrackerUrl url, bool isValid)
    {
        VerifyUrl(input, url, isValid);
        FuzzFailure.When(!TrackerUrl.TryParse(url.Text, out TrackerUrl? again, out TrackerUrlError error) || again != url, $"'{url.Text}' comes back as '{again?.Text}' ({error}).");
        FuzzFailure.When(TrackerUrlReader.SetsClientParameter(url.PathAndQuery), $"'{url.Text}' sets what a client sets.");
        var request = new AnnounceRequest { InfoHash = default, PeerId = new byte[20], Port = 1 };
        string target = HttpAnnounce.BuildTarget(url, request);
        FuzzFailure.When(target.Split('?', 2)[1].Split('&').Count(field => field.StartsWith("info_hash=", StringComparison.Ordinal)) != 1, $"'{target}' has no single info_hash.");
        if (HttpScrape.TryBuildTarget(url, [default], out string? scrape))
            FuzzFailure.When(!scrape.Contains("/scrape", StringComparison.Ordinal), $"'{scrape}' is no scrape.");
    }

    /// <summary>Whatever a server makes of dots and slashes, escaped or not: in our own network nothing but a tracker is asked.</summary>
    private static void VerifyLocalTarget(TrackerUrl url)
    {
        if (!url.IsAllowedTarget(AddressClass.Loopback))
            return;
        string path = new Uri("http://192.0.2.1" + Uri.UnescapeDataString(url.PathAndQuery.Split('?')[0])).AbsolutePath;
        bool isTracker = path.StartsWith("/announce", StringComparison.Ordinal) || path.StartsWith("/scrape", StringComparison.Ordinal);
        FuzzFailure.When(!isTracker, $"'{url.PathAndQuery}' leads to '{path}' of our own network.");
    }

    private static void VerifyRedirect(byte[] input, TrackerUrl url, bool isValid)
    {
        VerifyUrl(input, url, isValid);
        FuzzFailure.When(!url.IsHttp, "A redirect leads out of HTTP.");
    }

    private static void VerifyUrl(byte[] input, TrackerUrl url, bool isValid)
    {
        FuzzFailure.When(url.Text.Any(c => c is <= ' ' or > '~'), $"'{url.Text}' has characters that a request line may not have.");
        FuzzFailure.When(url.Port == 0 || url.Host.Length == 0, $"'{url.Text}' has no host or port.");
        FuzzFailure.When(url.Host.AsSpan().IndexOfAny("/?#@\\ ") >= 0, $"'{url.Host}' is no host.");
        FuzzFailure.When(url.Text.Length > Limits.TrackerUrlLength, $"A URL of {url.Text.Length} characters passed a limit of {Limits.TrackerUrlLength}.");
        FuzzFailure.When(url.IsAllowedTarget(AddressClass.Unusable), "An unusable address is allowed.");
        FuzzFailure.When(!url.IsAllowedTarget(AddressClass.Global) || !url.HasSameOrigin(url), "An address of the Internet is not allowed, or it is not its own origin.");
        FuzzFailure.When(!url.Text.StartsWith(url.Scheme == TrackerScheme.Udp ? "udp" : "http", StringComparison.OrdinalIgnoreCase) || url.ToString().Count(c => c == '/') != 2, $"'{url}' is more than a scheme, a host and a port.");
        if (!url.IsHttp)
            return;
        VerifyLocalTarget(url);
        FuzzFailure.When(!url.PathAndQuery.StartsWith('/'), $"'{url.PathAndQuery}' is no path.");
        // What the HTTP client makes of it; it must neither throw nor go elsewhere.
        var uri = new Uri($"http://192.0.2.1:8080{url.PathAndQuery}", s_asItStands);
        FuzzFailure.When(uri.Host != "192.0.2.1" || uri.Port != 8080 || uri.PathAndQuery != url.PathAndQuery, $"'{url.PathAndQuery}' becomes '{uri}'.");
    }
}
