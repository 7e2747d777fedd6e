using CcBt.Core.Interop.Cli;
using CcBt.Core.Interop.ExternalClients;

namespace CcBt.Core.Interop.Differential;

/// <summary>The fuzzer's inputs to this library and to libtorrent: where both accept, both read the same.</summary>
public sealed class DifferentialTests
{
    private const int Inputs = 1_000;

    [RealClientTheory(RealClient.LibTorrent)]
    [InlineData("bencode-file")]
    [InlineData("torrent-v1")]
    [InlineData("torrent-v2")]
    [InlineData("torrent-hybrid")]
    [InlineData("magnet")]
    public async Task What_both_accept_both_read_the_same(string target)
    {
        await using var lab = new Lab();
        string script = Path.Combine(AppContext.BaseDirectory, "Differential", "differential.py");
        ChildProcess process = lab.Start(Installed.Program(RealClient.LibTorrent), [script, "--fuzz", Built.Fuzz, "--targets", target, "--inputs", $"{Inputs}"], lab.NewFolder("differential"));

        int code = await process.WaitForExitAsync(lab.Token);

        Assert.True(code == 0, process.Output);
        string[] words = Assert.Single(process.Lines, l => l.StartsWith(target, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(int.Parse(words[2]) >= Inputs / 8, $"too few that both accept: {process.Output}");
    }
}
