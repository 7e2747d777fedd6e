using System.Reflection;
using System.Text.RegularExpressions;

namespace CcBt.Core.Tests.Session;

/// <summary>Each of the thirty scenarios of a start is a test by name.</summary>
public sealed partial class ScenarioTableTests
{
    private static ILookup<int, string> Named { get; } = typeof(ScenarioTableTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.GetCustomAttribute<FactAttribute>() is { Skip: null })
        .Select(method => (method.DeclaringType!.Name, Match: Pattern().Match(method.Name)))
        .Where(named => named.Match.Success)
        .ToLookup(named => int.Parse(named.Match.Groups[1].ValueSpan), named => $"{named.Name}.{named.Match.Value}");

    public static TheoryData<int> Numbers => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_scenario_has_a_named_test(int number) => Assert.NotEmpty(Named[number]);

    [Fact]
    public void No_other_scenario_is_named() => Assert.All(Named, scenario => Assert.InRange(scenario.Key, 1, 30));

    [GeneratedRegex("^Scenario([0-9]{2})_.+")]
    private static partial Regex Pattern();
}
