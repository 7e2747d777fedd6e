namespace CcBt.Core.Interop.Cli;

/// <summary>The programs of the repository, as they were built with these tests.</summary>
internal static class Built
{
    public static string Ccbt { get; } = Find("samples/Cli", "ccbt.dll");

    public static string Quickstart { get; } = Find("samples/Quickstart", "Quickstart.dll");

    public static string Fuzz { get; } = Find("tests/CcBt.Core.Fuzz", "CcBt.Core.Fuzz.dll");

    public static string Floods { get; } = Find("benchmarks/floods", "floods.dll");

    /// <summary>The tests lie in .../bin/CONFIGURATION/FRAMEWORK, and so do the programs.</summary>
    private static string Find(string project, string file)
    {
        DirectoryInfo framework = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        DirectoryInfo? root = framework;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "CcBt.Core.sln")))
            root = root.Parent;
        string path = Path.Combine(root?.FullName ?? "", project, "bin", framework.Parent!.Name, framework.Name, file);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} was not built.");
    }
}
