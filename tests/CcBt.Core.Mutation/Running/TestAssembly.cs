using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CcBt.Core.Mutation.Running;

/// <summary>The unit tests, found once and run in this process as often as asked, against the changed assembly.</summary>
internal sealed class TestAssembly
{
    private readonly ITestFrameworkExecutor _executor;

    /// <param name="folder">The folder of the built tests.</param>
    /// <param name="changed">The changed library, which is loaded in place of the one in that folder.</param>
    public TestAssembly(string folder, string changed)
    {
        Library = AssemblyLoadContext.Default.LoadFromAssemblyPath(changed);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, name.Name + ".dll") is var path && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        Assembly tests = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, "CcBt.Core.Tests.dll"));
        using var sink = new MessageSink();
        var framework = new XunitTestFramework(sink);
        framework.GetDiscoverer(Reflector.Wrap(tests)).Find(includeSourceInformation: false, sink, new RunnerOptions());
        sink.Wait();
        Tests = [.. sink.Found.OrderBy(t => t.UniqueID, StringComparer.Ordinal)];
        _executor = framework.GetExecutor(tests.GetName());
    }

    public Assembly Library { get; }

    /// <summary>In an order that is the same in every process.</summary>
    public IReadOnlyList<ITestCase> Tests { get; }

    /// <summary>Runs tests until one fails; returns the name of that one, or null.</summary>
    public string? Run(IEnumerable<int> tests)
    {
        using var sink = new MessageSink();
        _executor.RunTests([.. tests.Select(i => Tests[i])], sink, new RunnerOptions());
        sink.Wait();
        return sink.Failed;
    }

    public (string? Failed, TimeSpan Time) Time(int test)
    {
        long start = Stopwatch.GetTimestamp();
        string? failed = Run([test]);
        return (failed, Stopwatch.GetElapsedTime(start));
    }
}
