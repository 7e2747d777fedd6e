using System.Text.Json;
using CcBt.Core.Interop.Cli;

namespace CcBt.Core.Interop.Packaging;

/// <summary>The form of <c>ccbt</c> that is one native program.</summary>
[Trait("Category", "Packages")]
public sealed class NativeToolTests
{
    private const int PieceLength = 16 * 1024;

    // So many that a check hashes several at a time, whatever the number of processors.
    private const int Pieces = 1_100;

    [NativeFact]
    public async Task It_creates_shows_and_verifies()
    {
        using NativeTool tool = await NativeTool.PublishAsync();
        string data = Path.Combine(tool.Folder, "data.bin");
        byte[] content = CliFolder.Bytes(3, Pieces * PieceLength - 100);
        File.WriteAllBytes(data, content);

        Assert.Equal(0, (await tool.RunAsync("--version")).Code);
        (int created, IReadOnlyList<string> torrent) = await tool.RunAsync("create", data, "-o", "data.torrent", "--piece-length", "16K", "--json");
        Assert.Equal(0, created);
        Assert.Equal((0, Pieces), await VerifyAsync(tool));
        Assert.Equal(torrent, (await tool.RunAsync("show", "data.torrent", "--json")).Lines);

        content[0] ^= 1;
        content[500 * PieceLength + 7] ^= 1;
        content[^1] ^= 1;
        File.WriteAllBytes(data, content);
        Assert.Equal((1, Pieces - 3), await VerifyAsync(tool));
    }

    private static async Task<(int Code, int GoodPieces)> VerifyAsync(NativeTool tool)
    {
        (int code, IReadOnlyList<string> lines) = await tool.RunAsync("verify", "data.torrent", "--data", ".", "--json");
        return (code, JsonDocument.Parse(lines[^1]).RootElement.GetProperty("goodPieces").GetInt32());
    }
}
