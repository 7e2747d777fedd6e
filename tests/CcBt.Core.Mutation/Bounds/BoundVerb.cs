using System.Globalization;
using CcBt.Core.Mutation.Running;
using Mono.Cecil;

namespace CcBt.Core.Mutation.Bounds;

/// <summary>Doubles and halves each constant that docs/bounds.md names, and asks whether the tests named beside it fail.</summary>
internal sealed class BoundVerb(string library, string marked, MarkedSources marks, string testFolder, BoundPage page, TextWriter output)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    /// <returns>Whether every constant was noticed in the direction that is looser.</returns>
    public bool Run(IReadOnlyCollection<string> only)
    {
        Dictionary<string, long> values = Values();
        int noticed = 0, all = 0;
        output.WriteLine($"{"constant",-32} {"uses",4} {"tests",5}  {"doubled",-10} {"halved",-10}");
        foreach (string constant in page.Constants.Where(name => only.Count == 0 || only.Contains(name)).Order(StringComparer.Ordinal))
        {
            all++;
            (int uses, string doubled) = Try(constant, 2, values);
            (_, string halved) = Try(constant, 0.5, values);
            bool isLeast = constant.Contains("Least", StringComparison.Ordinal) || constant.StartsWith("Min", StringComparison.Ordinal);
            bool isNoticed = (isLeast ? halved : doubled) != "survived";
            noticed += isNoticed ? 1 : 0;
            output.WriteLine($"{constant,-32} {uses,4} {page.TestsOf(constant).Count,5}  {doubled,-10} {halved,-10} {(isNoticed ? "" : "looser is not noticed")}");
            output.Flush();
        }
        output.WriteLine($"{noticed} of {all} constants are noticed when they are looser.");
        return noticed == all;
    }

    private (int Uses, string Outcome) Try(string constant, double factor, IReadOnlyDictionary<string, long> values)
    {
        string folder = Directory.CreateTempSubdirectory("ccbt-bound-").FullName;
        try
        {
            string changed = Path.Combine(folder, "CcBt.Core.dll");
            int uses = new BoundAssembly(library, marked, marks, values).Write(constant, factor, changed);
            using var worker = new WorkerProcess(testFolder, changed, 0);
            string? answer = worker.Ask($"named {string.Join(',', page.TestsOf(constant).Order(StringComparer.Ordinal))}", s_limit);
            return (uses, answer?.Split(' ')[0] ?? "crashed");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The values as the library has them: the compiler keeps constants as such in the type, too.</summary>
    private Dictionary<string, long> Values()
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(library, new ReaderParameters { InMemory = true });
        return module.GetType("CcBt.Core.Limits").Fields.Where(field => field.HasConstant)
            .ToDictionary(field => field.Name, field => Convert.ToInt64(field.Constant, CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}
