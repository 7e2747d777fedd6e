using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>transmission-daemon, told what to do by its RPC. It can not be given a peer: a tracker, the DHT or the peer itself must find it.</summary>
internal sealed class Transmission : IAsyncDisposable
{
    private const int RpcPort = 9091;
    private readonly Lab _lab;
    private readonly HttpClient _rpc = new();
    private readonly ChildProcess _process;
    private string _sessionId = "";

    private Transmission(Lab lab, Endpoint endpoint, ChildProcess process)
    {
        _lab = lab;
        _process = process;
        Endpoint = endpoint;
        _rpc.BaseAddress = new Uri($"http://{endpoint.Address}:{RpcPort}/transmission/rpc");
    }

    public Endpoint Endpoint { get; }

    public static async Task<Transmission> StartAsync(Lab lab, string folder, Endpoint? dhtRouter = null, bool pex = false)
    {
        Endpoint endpoint = Endpoint.Next();
        string configuration = lab.NewFolder("transmission");
        var settings = new JsonObject
        {
            ["bind-address-ipv4"] = endpoint.Address, ["bind-address-ipv6"] = "::1", ["peer-port"] = endpoint.Port,
            ["rpc-enabled"] = true, ["rpc-bind-address"] = endpoint.Address, ["rpc-port"] = RpcPort, ["rpc-whitelist-enabled"] = false,
            ["rpc-host-whitelist-enabled"] = false, ["rpc-authentication-required"] = false,
            ["download-dir"] = folder, ["incomplete-dir-enabled"] = false, ["preallocation"] = 0, ["encryption"] = 0,
            ["dht-enabled"] = dhtRouter is not null, ["lpd-enabled"] = false, ["pex-enabled"] = pex, ["utp-enabled"] = false,
            ["port-forwarding-enabled"] = false, ["ratio-limit-enabled"] = false, ["idle-seeding-limit-enabled"] = false,
            ["speed-limit-up-enabled"] = false, ["speed-limit-down-enabled"] = false,
        };
        await File.WriteAllTextAsync(Path.Combine(configuration, "settings.json"), settings.ToJsonString(), lab.Token);
        if (dhtRouter is not null)
            await File.WriteAllTextAsync(Path.Combine(configuration, "dht.bootstrap"), $"{dhtRouter.Address} {dhtRouter.Port}\n", lab.Token);
        ChildProcess process = lab.Start(Installed.Program(RealClient.Transmission), ["-f", "-g", configuration]);
        var transmission = lab.Keep(new Transmission(lab, endpoint, process));
        await lab.UntilAsync(transmission.AnswersAsync, () => process.Output);
        return transmission;
    }

    /// <summary>Adds a .torrent or a magnet link; data that lies in the folder is checked first.</summary>
    public async Task<int> AddAsync(string torrentOrMagnet)
    {
        JsonObject added = await AskAsync("torrent-add", new JsonObject { ["filename"] = torrentOrMagnet });
        return (int)(added["torrent-added"] ?? added["torrent-duplicate"])!["id"]!;
    }

    /// <summary>Waits until the torrent is complete and seeding.</summary>
    public async Task WaitUntilCompleteAsync(int torrent)
    {
        JsonNode? status = null;
        await _lab.UntilAsync(async () =>
        {
            status = await StatusAsync(torrent);
            return (int)status["status"]! == 6 && (double)status["percentDone"]! >= 1;
        }, () => $"Transmission is not complete: {status}\n{_process.Output}");
    }

    /// <summary>status (6: seeding), percentDone, metadataPercentComplete, peersConnected, corruptEver, uploadedEver, errorString.</summary>
    public async Task<JsonNode> StatusAsync(int torrent)
    {
        JsonObject answer = await AskAsync("torrent-get", new JsonObject
        {
            ["ids"] = new JsonArray(torrent),
            ["fields"] = new JsonArray("status", "percentDone", "metadataPercentComplete", "peersConnected", "corruptEver", "uploadedEver", "errorString"),
        });
        return answer["torrents"]![0]!;
    }

    public ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await AskAsync("session-get", []);
            return true;
        }
        catch (HttpRequestException) when (!_process.HasEnded)
        {
            return false;
        }
    }

    private async Task<JsonObject> AskAsync(string method, JsonObject arguments)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = JsonContent.Create(new JsonObject { ["method"] = method, ["arguments"] = arguments.DeepClone() }) };
            request.Headers.Add("X-Transmission-Session-Id", _sessionId);
            using HttpResponseMessage response = await _rpc.SendAsync(request, _lab.Token);
            if (response.StatusCode == HttpStatusCode.Conflict)
            {
                _sessionId = response.Headers.GetValues("X-Transmission-Session-Id").Single();
                continue;
            }
            JsonObject answer = (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(_lab.Token))!;
            return (string)answer["result"]! == "success"
                ? answer["arguments"]!.AsObject()
                : throw new InvalidOperationException($"Transmission refuses {method}: {answer["result"]}");
        }
    }
}
