using System.Globalization;

namespace CcBt.Core.Fuzz;

/// <summary>How a run of one target went.</summary>
internal sealed class FuzzReport(string target, int seed)
{
    private const int MessagesKept = 5;

    public string Target { get; } = target;

    public int Inputs { get; set; }

    public int Failures { get; private set; }

    public double MaxMilliseconds { get; set; }

    /// <summary>The greatest allocation of one call over the bytes allowed for its input.</summary>
    public double MaxAllocationShare { get; set; }

    /// <summary>The first failures, each with the input that shows it.</summary>
    public List<string> Messages { get; } = [];

    public void Add(byte[] input, string what)
    {
        Failures++;
        if (Messages.Count < MessagesKept)
            Messages.Add($"{Target}, seed {seed}, input {Convert.ToHexString(input)}: {what}");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Target,-26} {Inputs,9} {seed,6} {Failures,8} {MaxMilliseconds,9:0.000} {MaxAllocationShare,9:0.000}");
}
