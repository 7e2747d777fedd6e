using CcBt.Core.Fuzz.Probing;

namespace CcBt.Core.Fuzz;

/// <summary>The verbs of the program; <c>dotnet test</c> runs the same targets as tests.</summary>
internal static class Program
{
    private const string Usage = """
        list                                            the targets, one a line
        run [--inputs N] [--target T] [--seed S]        fuzzes all targets, or one; exit code 1 when one fails
        run --target T --input HEX                      tries one input, as a failure printed it
        inputs --target T [--inputs N] [--seed S]       the inputs that run feeds, a line of hexadecimal each
        probe                                           answers JSON lines with JSON lines (docs/probe.md)
        """;

    public static int Main(string[] arguments)
    {
        try
        {
            return arguments switch
            {
                ["list"] => List(),
                ["run", .. string[] options] => RunVerb.Run(RunOptions.Read(options), Console.Out),
                ["inputs", .. string[] options] => PrintInputs(RunOptions.Read(options)),
                ["probe"] => Probe.Run(Console.In, Console.Out),
                _ => throw new ArgumentException($"The verb is list, run, inputs or probe.\n{Usage}"),
            };
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return 2;
        }
    }

    private static int PrintInputs(RunOptions options)
    {
        FuzzTarget target = options.Target ?? throw new ArgumentException("inputs needs --target.");
        foreach ((byte[] input, _) in FuzzRun.Inputs(target, options.Inputs, options.Seed))
            Console.WriteLine(Convert.ToHexStringLower(input));
        return 0;
    }

    private static int List()
    {
        foreach (FuzzTarget target in TargetList.All)
            Console.WriteLine(target.Name);
        return 0;
    }
}
