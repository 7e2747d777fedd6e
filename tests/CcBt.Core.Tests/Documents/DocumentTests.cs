using CcBt.Core.Tests.Architecture;

namespace CcBt.Core.Tests.Documents;

/// <summary>Every C# block of README.md and docs/ stands, line by line, in a source of this folder, and so compiles.</summary>
public sealed class DocumentTests
{
    private static readonly string[][] _sources =
    [
        .. Repository.Sources("tests/CcBt.Core.Tests/Documents").Select(path => Lines(Repository.Read(path))),
    ];

    private static string[] Names { get; } = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
        .Append(Path.Combine(Repository.Root, "README.md"))
        .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)];

    public static TheoryData<string> Pages => [.. Names];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Its_code_compiles(string page)
    {
        foreach (string[] block in Blocks(Repository.Read(page)))
            Assert.True(_sources.Any(source => Holds(source, block)), $"{page}: no source in Documents/ holds\n{string.Join('\n', block)}");
    }

    [Fact]
    public void Every_page_that_a_user_needs_is_named_in_the_readme()
    {
        string readme = Repository.Read("README.md");

        Assert.All(Names.Where(page => page != "README.md"), page => Assert.Contains($"]({page})", readme, StringComparison.Ordinal));
        Assert.NotEmpty(Blocks(readme));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Its_links_lead_somewhere(string page)
    {
        string text = Repository.Read(page);
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        for (int at = text.IndexOf("](", StringComparison.Ordinal); at >= 0; at = text.IndexOf("](", at + 2, StringComparison.Ordinal))
        {
            string target = text[(at + 2)..text.IndexOf(')', at)];
            Assert.True(target.StartsWith("https://", StringComparison.Ordinal) || File.Exists(Path.Combine(folder, target)), $"{page}: {target} does not exist");
        }
    }

    private static IEnumerable<string[]> Blocks(string page)
    {
        string[] parts = page.Split("```");
        return parts.Where((part, i) => i % 2 == 1 && part.StartsWith("csharp\n", StringComparison.Ordinal)).Select(part => Lines(part["csharp\n".Length..]));
    }

    private static bool Holds(string[] source, string[] block)
        => Enumerable.Range(0, Math.Max(0, source.Length - block.Length + 1)).Any(at => source.AsSpan(at, block.Length).SequenceEqual(block));

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
}
