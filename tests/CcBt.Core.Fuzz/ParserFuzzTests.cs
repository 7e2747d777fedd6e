namespace CcBt.Core.Fuzz;

public sealed class ParserFuzzTests
{
    private static readonly int Inputs = RunOptions.InputsOfTests;

    public static TheoryData<string> Names => [.. TargetList.Parsers.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_input_breaks_what_must_hold(string name)
    {
        FuzzReport report = FuzzRun.Run(TargetList.Find(name)!, Inputs, Seed.Default);

        Assert.True(report.Failures == 0, string.Join("\n\n", report.Messages.Prepend($"{report.Failures} failures; replay one with: run --target {name} --input HEX")));
        Assert.True(report.Inputs >= Inputs);
    }
}
