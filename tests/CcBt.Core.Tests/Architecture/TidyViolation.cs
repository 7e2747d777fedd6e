namespace CcBt.Core.Tests.Architecture;

/// <summary>A source that breaks a rule of style. The measure is a size where the rule has one, else 1.</summary>
internal sealed record TidyViolation(string Rule, string Subject, int Measure, string Message)
{
    public override string ToString() => $"{Rule} {Subject} {Measure}: {Message}";
}
