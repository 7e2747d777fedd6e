namespace CcBt.Core.Tests.Architecture;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# source below a folder of the repository, as paths relative to the root with forward slashes.</summary>
    public static IEnumerable<string> Sources(string folder)
    {
        string full = Path.Combine(Root, folder);
        if (!Directory.Exists(full))
            return [];
        return Directory.EnumerateFiles(full, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);
    }

    public static string Read(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CcBt.Core.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No CcBt.Core.sln above {AppContext.BaseDirectory}: run the tests inside a checkout.");
    }
}
