using System.Globalization;
using CcBt.Core.Mutation.Mutants;

namespace CcBt.Core.Mutation.Running;

/// <summary>
/// The process that runs tests with one mutant after another. It reads a command a line and answers with a line:
/// <c>cover ROOM</c> with one line a test (number, microseconds, sites) and <c>end</c>; <c>run MUTANT TESTS</c>, each test with its
/// milliseconds behind a colon, with <c>survived</c>, <c>killed TEST</c>, <c>hung TEST</c>, or <c>spoiled</c> when the killing test
/// fails without the mutant, too; <c>named TESTS</c>, for a library that is changed without a switch. Where the tests of a mutant block for ever, the process ends.
/// </summary>
internal sealed class Worker(TestAssembly tests, MutantSwitch? mutants, TextReader commands, TextWriter answers)
{
    private const int Batch = 16;
    private const int Patience = 3000;

    /// <param name="arguments">The tests' folder, the changed library, and its number of sites.</param>
    public static int Work(ReadOnlySpan<string> arguments)
    {
        TextWriter answers = Console.Out;
        Console.SetOut(TextWriter.Null);
        var tests = new TestAssembly(arguments[0], arguments[1]);
        var mutants = MutantSwitch.Find(tests.Library, int.Parse(arguments[2], CultureInfo.InvariantCulture));
        answers.WriteLine("ready");
        new Worker(tests, mutants, Console.In, answers).Serve();
        return 0;
    }

    private void Serve()
    {
        while (commands.ReadLine()?.Split(' ') is [var verb, .. var rest])
        {
            if (verb == "cover")
                Cover(Room.All.Single(r => r.Name == rest[0]));
            else if (verb == "named")
                answers.WriteLine(tests.Run(Named(rest[0].Split(','))) is { } failed ? $"killed {failed}" : "survived");
            else
                answers.WriteLine(Run(Number(rest[0]), [.. rest[1].Split(',').Select(Timed)]));
            answers.Flush();
        }
    }

    private int[] Named(string[] names) =>
        [.. Enumerable.Range(0, tests.Tests.Count).Where(i => names.Contains($"{tests.Tests[i].TestMethod.TestClass.Class.Name.Split('.')[^1]}.{tests.Tests[i].TestMethod.Method.Name}"))];

    private void Cover(Room room)
    {
        for (int i = 0; i < tests.Tests.Count; i++)
        {
            if (!room.HasTest(tests.Tests[i].TestMethod.TestClass.Class.Name))
                continue;
            mutants!.ForgetHits();
            (string? failed, TimeSpan time) = tests.Time(i);
            if (failed is not null)
                answers.WriteLine($"broken {failed}");
            else
                answers.WriteLine($"{i} {(long)time.TotalMicroseconds} {string.Join(',', mutants.Hits())}");
        }
        answers.WriteLine("end");
    }

    private string Run(int mutant, (int Test, int Milliseconds)[] numbers)
    {
        string? failed = null;
        bool hung = false;
        mutants!.TurnOn(mutant);
        foreach ((int Test, int Milliseconds)[] batch in numbers.Chunk(Batch))
        {
            int limit = Patience + 8 * batch.Sum(t => t.Milliseconds);
            using var abort = new Timer(_ => { hung = true; mutants.Abort(true); }, null, limit, Timeout.Infinite);
            using var exit = new Timer(_ => Environment.Exit(3), null, limit + Patience, Timeout.Infinite);
            failed = tests.Run(batch.Select(t => t.Test));
            if (failed is not null)
                break;
        }
        mutants.TurnOn(0);
        mutants.Abort(false);
        if (failed is null)
            return "survived";
        if (hung)
            return $"hung {failed}";
        int culprit = Array.FindIndex(numbers, t => failed == tests.Tests[t.Test].DisplayName);
        return culprit >= 0 && tests.Run([numbers[culprit].Test]) is not null ? "spoiled" : $"killed {failed}";
    }

    private static (int Test, int Milliseconds) Timed(string text)
    {
        string[] parts = text.Split(':');
        return (Number(parts[0]), Number(parts[1]));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
