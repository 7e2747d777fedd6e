using CcBt.Core.Mutation.Running;

namespace CcBt.Core.Mutation;

/// <summary>The mutation check of the unit tests; <c>tests/mutation/run.sh</c> builds what it needs and starts it.</summary>
internal static class Program
{
    private const string Usage = """
        run LIBRARY TESTS SURVIVORS [options]     LIBRARY: the built CcBt.Core.dll; TESTS: the folder of the built unit tests; SURVIVORS: survivors.md
          --room A,B            only these rooms
          --count N|all         mutants a room, spread evenly over it (150)
          --seed N              which ones (1)
          --list-survivors      prints each unexplained survivor with its file, line and kind
          --longest-test N      leaves out tests that take longer, in seconds (10)
          --least N             the share of killed mutants that each room has to reach, in percent (85)
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
                _ => throw new ArgumentException(Usage),
            };
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return 2;
        }
    }
}
