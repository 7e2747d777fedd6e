using System.Globalization;

namespace CcBt.Core.Interop.Cli;

/// <summary>The README's first command.</summary>
public sealed class QuickstartTests(CliFolder folder) : IClassFixture<CliFolder>
{
    [Fact]
    public async Task It_downloads_its_own_payload_exactly_once_whatever_calls_back()
    {
        string temporary = Directory.CreateDirectory(folder.In("tmp")).FullName;
        await using SampleProcess quickstart = SampleProcess.Start(Built.Quickstart, folder.Path, temporary);

        int code = await quickstart.ExitAsync();

        string said = string.Join('\n', quickstart.Lines.Concat(await quickstart.ErrorsAsync()));
        Assert.True(code == 0, said);
        Assert.True(int.Parse(Value(quickstart, "callbacks"), CultureInfo.InvariantCulture) >= 300, said);
        Assert.Equal("1", Value(quickstart, "starts"));
        Assert.Equal("equal", Value(quickstart, "sha-256"));
        Assert.DoesNotContain(Directory.EnumerateDirectories(temporary), d => d.Contains("ccbt-", StringComparison.Ordinal));
        Assert.True(long.Parse(Value(quickstart, "bytes"), CultureInfo.InvariantCulture) > 1 << 20, said);
    }

    private static string Value(SampleProcess process, string name)
        => process.Lines.Single(l => l.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];
}
