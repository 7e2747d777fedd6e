using CcBt.Core.Mutation.Bounds;
using CcBt.Core.Mutation.Running;

namespace CcBt.Core.Mutation;

/// <summary>The mutation check of the unit tests; <c>tests/mutation/run.sh</c> builds what it needs and starts it.</summary>
internal static class Program
{
    private const string Usage = """
        run LIBRARY TESTS SURVIVORS [options]     LIBRARY: the built CcBt.Core.dll; TESTS: the folder of the built unit tests; SURVIVORS: survivors.md
          --room A,B            only these rooms
          --files A,B           only files whose path holds one of these texts
          --count N|all         mutants a room, spread evenly over it (150)
          --seed N              which ones (1)
          --list-survivors      prints each unexplained survivor with its file, line and kind
          --longest-test N      leaves out tests that take longer, in seconds (10)
          --least N             the share of killed mutants that each room has to reach, in percent (85)
        mark SOURCES                              marks the constants of Limits in a copy of the sources, for the next verb
        bounds LIBRARY MARKED SOURCES TESTS PAGE [constants]   MARKED: the library built from marked sources; SOURCES: the folder of the unmarked Limits*.cs; PAGE: docs/bounds.md
        """;

    public static int Main(string[] arguments)
    {
        try
        {
            return arguments switch
            {
                ["work", .. string[] rest] => Worker.Work(rest),
                ["run", string library, string tests, string survivors, .. string[] options] =>
                    new RunVerb(Options.Read(options), new Explanations(File.ReadAllText(survivors)), Console.Out).Run(library, tests) ? 0 : 1,
                ["mark", string sources] => Mark(sources),
                ["bounds", string library, string marked, string sources, string tests, string page, .. string[] only] => Bounds(library, marked, sources, tests, page, only) ? 0 : 1,
                _ => throw new ArgumentException(Usage),
            };
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return 2;
        }
    }

    private static int Mark(string sources)
    {
        MarkedSources.Mark(sources);
        return 0;
    }

    /// <summary>The marks depend on the unmarked sources only, so that they need not be handed over.</summary>
    private static bool Bounds(string library, string marked, string sources, string tests, string page, string[] only)
    {
        string copy = Directory.CreateTempSubdirectory("ccbt-marks-").FullName;
        try
        {
            foreach (string file in Directory.GetFiles(sources, "Limits*.cs"))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            return new BoundVerb(library, marked, MarkedSources.Mark(copy), tests, new BoundPage(File.ReadAllText(page)), Console.Out).Run(only);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }
}
