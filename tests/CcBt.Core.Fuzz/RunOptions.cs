using System.Globalization;

namespace CcBt.Core.Fuzz;

/// <summary>The options of the verb run.</summary>
internal sealed record RunOptions
{
    /// <summary>Inputs a target in the tests: 10,000, unless CCBT_FUZZ_INPUTS says another number, as it does where coverage makes each slower.</summary>
    public static int InputsOfTests { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("CCBT_FUZZ_INPUTS"), NumberStyles.None, CultureInfo.InvariantCulture, out int inputs) && inputs > 0 ? inputs : 10_000;

    public int Inputs { get; init; } = 10_000;

    public int Seed { get; init; } = Fuzz.Seed.Default;

    /// <summary>Null: all targets.</summary>
    public FuzzTarget? Target { get; init; }

    /// <summary>The one input to try; null: as many as <see cref="Inputs"/> says.</summary>
    public byte[]? Input { get; init; }

    public static RunOptions Read(ReadOnlySpan<string> arguments)
    {
        var options = new RunOptions();
        for (; arguments.Length >= 2; arguments = arguments[2..])
        {
            string value = arguments[1];
            options = arguments[0] switch
            {
                "--inputs" => options with { Inputs = Number(arguments[0], value, 1) },
                "--seed" => options with { Seed = Number(arguments[0], value, int.MinValue) },
                "--target" => options with { Target = TargetList.Find(value) ?? throw new ArgumentException($"There is no target '{value}'; list shows them.") },
                "--input" => options with { Input = Hex(value) },
                _ => throw new ArgumentException($"The option '{arguments[0]}' is not known: --inputs, --target, --seed or --input."),
            };
        }
        if (arguments.Length > 0)
            throw new ArgumentException($"'{arguments[0]}' needs a value.");
        if (options is { Input: not null, Target: null })
            throw new ArgumentException("--input needs --target.");
        return options;
    }

    private static int Number(string option, string text, int least)
        => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new ArgumentException($"{option} must be a number{(least > int.MinValue ? $" from {least} up" : "")}; it was '{text}'.");

    private static byte[] Hex(string text)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException wrong)
        {
            throw new ArgumentException($"--input must be hexadecimal: {wrong.Message}", wrong);
        }
    }
}
