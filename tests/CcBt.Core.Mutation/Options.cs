using System.Globalization;
using CcBt.Core.Mutation.Mutants;

namespace CcBt.Core.Mutation;

/// <summary>The options of the verb run.</summary>
internal sealed record Options
{
    /// <summary>The mutants of a room.</summary>
    public int Count { get; init; } = 150;

    public int Seed { get; init; } = 1;

    public IReadOnlyList<Room> Rooms { get; init; } = Room.All;

    /// <summary>Only files whose path holds one of these texts; empty: every file of the rooms.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    public bool ListSurvivors { get; init; }

    /// <summary>The tests that take longer without a mutant are left out.</summary>
    public TimeSpan LongestTest { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The share of killed mutants that each room has to reach, in percent.</summary>
    public int Least { get; init; } = 85;

    public static Options Read(ReadOnlySpan<string> arguments)
    {
        var options = new Options();
        while (arguments.Length > 0)
        {
            string name = arguments[0];
            if (name == "--list-survivors")
            {
                options = options with { ListSurvivors = true };
                arguments = arguments[1..];
                continue;
            }
            if (arguments.Length == 1)
                throw new ArgumentException($"'{name}' needs a value.");
            options = With(options, name, arguments[1]);
            arguments = arguments[2..];
        }
        return options;
    }

    public bool Takes(Mutant mutant) => Files.Count == 0 || Files.Any(f => mutant.File.Contains(f, StringComparison.OrdinalIgnoreCase));

    private static Options With(Options options, string name, string value) => name switch
    {
        "--count" => options with { Count = value == "all" ? int.MaxValue : Number(name, value) },
        "--seed" => options with { Seed = Number(name, value) },
        "--least" => options with { Least = Number(name, value) },
        "--longest-test" => options with { LongestTest = TimeSpan.FromSeconds(Number(name, value)) },
        "--room" => options with { Rooms = [.. value.Split(',').Select(Find)] },
        "--files" => options with { Files = value.Split(',') },
        _ => throw new ArgumentException($"The option '{name}' is not known: --room, --files, --count, --seed, --list-survivors, --longest-test or --least."),
    };

    private static Room Find(string name) =>
        Room.All.FirstOrDefault(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no room '{name}': {string.Join(", ", Room.All.Select(r => r.Name))}.");

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new ArgumentException($"{name} must be a number; it was '{value}'.");
}
