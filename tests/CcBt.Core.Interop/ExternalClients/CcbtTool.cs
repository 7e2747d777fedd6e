using System.Text.Json.Nodes;
using CcBt.Core.Interop.Cli;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>The command-line tool <c>ccbt</c>, run as its users run it, with its events as JSON lines.</summary>
internal sealed class CcbtTool
{
    private readonly Lab _lab;

    private CcbtTool(Lab lab, ChildProcess process)
    {
        _lab = lab;
        Process = process;
    }

    public ChildProcess Process { get; }

    /// <summary>Every event so far.</summary>
    public JsonObject[] Events => [.. Process.Lines.Select(l => JsonNode.Parse(l)!.AsObject())];

    /// <summary>Starts the tool in a folder of its own.</summary>
    public static CcbtTool Start(Lab lab, params string[] arguments)
        => new(lab, lab.Start("dotnet", [Built.Ccbt, .. arguments], lab.NewFolder("ccbt")));

    /// <summary>Waits for an event of a kind.</summary>
    public async Task<JsonObject> WaitForAsync(string kind, Predicate<JsonObject>? fits = null)
    {
        string line = await Process.WaitForLineAsync(l => JsonNode.Parse(l) is JsonObject o && (string?)o["event"] == kind && fits?.Invoke(o) != false, _lab.Token);
        return JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>Waits until the tool ends, and gives its exit code.</summary>
    public Task<int> WaitForExitAsync() => Process.WaitForExitAsync(_lab.Token);
}
