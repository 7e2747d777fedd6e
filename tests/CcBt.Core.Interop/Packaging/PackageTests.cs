using System.IO.Compression;
using System.Xml.Linq;

namespace CcBt.Core.Interop.Packaging;

/// <summary>The package that <c>dotnet pack</c> makes, looked into and used by an app in another folder.</summary>
[Trait("Category", "Packages")]
public sealed class PackageTests(PackedLibrary library) : IClassFixture<PackedLibrary>
{
    [PackageFact]
    public void It_holds_both_frameworks_with_documentation_and_the_readme()
    {
        using ZipArchive package = ZipFile.OpenRead(library.Package("nupkg"));
        string[] entries = [.. package.Entries.Select(e => e.FullName)];

        Assert.Contains("README.md", entries);
        foreach (string framework in new[] { "net8.0", "net10.0" })
        {
            Assert.Contains($"lib/{framework}/CcBt.Core.dll", entries);
            Assert.Contains($"lib/{framework}/CcBt.Core.xml", entries);
        }
    }

    [PackageFact]
    public void Its_symbols_come_beside_it()
    {
        using ZipArchive symbols = ZipFile.OpenRead(library.Package("snupkg"));

        Assert.Equal(["lib/net10.0/CcBt.Core.pdb", "lib/net8.0/CcBt.Core.pdb"],
            symbols.Entries.Select(e => e.FullName).Where(n => n.EndsWith(".pdb", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [PackageFact]
    public void It_drags_in_nothing_newer_than_the_framework()
    {
        using ZipArchive package = ZipFile.OpenRead(library.Package("nupkg"));
        using Stream stream = package.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().Single(e => e.Name.LocalName == "metadata");

        Dictionary<string, string[]> groups = metadata.Descendants().Where(e => e.Name.LocalName == "group").ToDictionary(
            g => g.Attribute("targetFramework")!.Value,
            g => g.Elements().Select(d => $"{d.Attribute("id")!.Value} {d.Attribute("version")!.Value.Split('.')[0]}").Order(StringComparer.Ordinal).ToArray());

        Assert.Equal(["net10.0", "net8.0"], groups.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["Microsoft.Extensions.Logging.Abstractions 10"], groups["net10.0"]);
        Assert.Equal(["Microsoft.Extensions.Logging.Abstractions 8"], groups["net8.0"].Where(d => !d.StartsWith("System.IO.Pipelines ", StringComparison.Ordinal)));
        Assert.Equal("MIT", metadata.Elements().Single(e => e.Name.LocalName == "license").Value);
    }

    [PackageFact]
    public async Task A_fresh_app_restores_it_and_runs_on_net10()
    {
        string app = library.NewApp("net10.0");

        string output = await library.RunDotnetAsync(app, "run", "-c", "Release");

        AssertWorks(output, ".NET 10.");
    }

    [PackageFact]
    public async Task A_fresh_app_published_self_contained_runs_on_net8()
    {
        string app = library.NewApp("net8.0");

        await library.RunDotnetAsync(app, "publish", "-c", "Release", "--self-contained", "--use-current-runtime", "-o", "out");
        string output = await PackedLibrary.RunAsync(Path.Combine(app, "out", "app"), app);

        AssertWorks(output, ".NET 8.");
    }

    private static void AssertWorks(string output, string framework)
    {
        Assert.Contains($"runs on {framework}", output, StringComparison.Ordinal);
        Assert.Contains("listens on 127.0.0.1", output, StringComparison.Ordinal);
        Assert.Contains("info hash 0123456789abcdef0123456789abcdef01234567", output, StringComparison.Ordinal);
    }
}
