using System.Text.Json;
using System.Text.Json.Nodes;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>libtorrent, by lt_driver.py: any number of sessions in one process, each on an address of its own.</summary>
internal sealed class LibTorrent : IAsyncDisposable
{
    private readonly Lab _lab;
    private readonly ChildProcess _process;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private int _answers;

    public LibTorrent(Lab lab)
    {
        _lab = lab;
        _process = lab.Start(Installed.Program(RealClient.LibTorrent), [Path.Combine(AppContext.BaseDirectory, "ExternalClients", "lt_driver.py")]);
        lab.Keep(this);
    }

    /// <summary>Opens a session that listens on a new address.</summary>
    public async Task<LibTorrentSession> OpenAsync(bool dht = false, bool lsd = false, JsonObject? settings = null)
    {
        Endpoint endpoint = Endpoint.Next();
        await AskAsync(new JsonObject
        {
            ["op"] = "open", ["name"] = endpoint.Address, ["address"] = endpoint.Address, ["port"] = endpoint.Port, ["dht"] = dht, ["lsd"] = lsd,
            ["settings"] = settings,
        });
        return new LibTorrentSession(this, endpoint);
    }

    /// <summary>Makes a version 1 .torrent of a file or folder, without our own code.</summary>
    public async Task<TestTorrent> CreateAsync(string path, int pieceLength, IEnumerable<string>? trackers = null, bool isPrivate = false)
    {
        string output = Path.Combine(_lab.NewFolder("torrent"), Path.GetFileName(path) + ".torrent");
        JsonObject answer = await AskAsync(new JsonObject
        {
            ["op"] = "create", ["path"] = path, ["piece_length"] = pieceLength, ["output"] = output, ["private"] = isPrivate,
            ["trackers"] = JsonSerializer.SerializeToNode(trackers ?? []),
        });
        return new TestTorrent(output, InfoHash.Parse((string)answer["info_hash"]!), pieceLength, (int)answer["pieces"]!);
    }

    /// <summary>Sends one request and reads its answer.</summary>
    public async Task<JsonObject> AskAsync(JsonObject request)
    {
        await _oneAtATime.WaitAsync(_lab.Token);
        try
        {
            await _process.WriteLineAsync(request.ToJsonString(), _lab.Token);
            string line = await _process.WaitForLineAsync(_ => true, _lab.Token, _answers++);
            JsonObject answer = JsonNode.Parse(line)!.AsObject();
            return answer["failure"] is { } failure
                ? throw new InvalidOperationException($"libtorrent refuses {request.ToJsonString()}: {failure}")
                : answer;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public Lab Lab => _lab;

    public ValueTask DisposeAsync()
    {
        _oneAtATime.Dispose();
        return ValueTask.CompletedTask;
    }
}
