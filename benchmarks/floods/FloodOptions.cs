using System.Globalization;
using CcBt.Core.Floods.Attacks;

namespace CcBt.Core.Floods;

/// <summary>What is flooded, and how hard.</summary>
internal sealed record FloodOptions
{
    /// <summary>The floods to run; none: all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>What the numbers of sockets and packets are multiplied by.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Payload that the good peer asks for in a second, in MiB.</summary>
    public double GoodRate { get; init; } = 32;

    /// <summary>Connections that the connection flood opens in a second; 0: as fast as it can.</summary>
    public int ConnectionsPerSecond { get; init; } = 2_000;

    public bool ShowHelp { get; init; }

    public static string Usage => $"""
        run.sh [options]
          --only a,b                  some floods: {string.Join(", ", FloodList.All.Select(f => f.Name))}
          --scale N                   multiplies sockets and packets (1)
          --good-rate N               payload that the good peer asks for, MiB/s (32)
          --connections-per-second N  pace of the connection flood, 0 for none (2000)
        The exit code is 1 when a goal is missed.
        """;

    /// <summary>A number of sockets or packets, scaled.</summary>
    public int Of(int full) => Math.Max(1, (int)(full * Scale));

    public static FloodOptions Read(ReadOnlySpan<string> arguments)
    {
        var options = new FloodOptions();
        while (arguments.Length > 0)
        {
            string option = arguments[0];
            if (option is "--help" or "-h")
                return options with { ShowHelp = true };
            if (arguments.Length == 1)
                throw new ArgumentException($"'{option}' is not known or needs a value.\n{Usage}");
            string value = arguments[1];
            arguments = arguments[2..];
            options = option switch
            {
                "--only" => options with { Only = [.. value.Split(',').Select(Known)] },
                "--scale" => options with { Scale = Number(option, value) },
                "--good-rate" => options with { GoodRate = Number(option, value) },
                "--connections-per-second" => options with { ConnectionsPerSecond = (int)Number(option, value) },
                _ => throw new ArgumentException($"The option '{option}' is not known.\n{Usage}"),
            };
        }
        return options;
    }

    private static string Known(string name) => FloodList.All.Any(f => f.Name == name) ? name : throw new ArgumentException($"There is no flood '{name}'.\n{Usage}");

    private static double Number(string option, string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= 0
            ? number
            : throw new ArgumentException($"{option} must be a number from 0 up; it was '{text}'.");
}
