using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using CcBt.Core.Tests.Architecture;

namespace CcBt.Core.Tests.Documents;

/// <summary>docs/bounds.md names constants and tests: all of them exist, are in use, and have the values that the page prints.</summary>
public sealed class BoundsPageTests
{
    private static readonly string Page = Repository.Read("docs/bounds.md");

    private static readonly Dictionary<string, FieldInfo> Constants = typeof(Limits)
        .GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
        .ToDictionary(field => field.Name, StringComparer.Ordinal);

    private static readonly string[] Users =
    [
        .. Repository.Sources("src/CcBt.Core").Where(path => !Path.GetFileName(path).StartsWith("Limits.", StringComparison.Ordinal)).Select(Repository.Read),
    ];

    [Fact]
    public void Every_constant_exists_is_used_and_has_the_value_of_the_page()
    {
        Match[] named = Regex.Matches(Page, @"`Limits\.(\w+)`(?: = ([\d,]+))?").ToArray();
        Assert.True(named.Length > 70, $"Only {named.Length} constants were found.");
        foreach (Match match in named)
        {
            string name = match.Groups[1].Value;
            Assert.True(Constants.TryGetValue(name, out FieldInfo? field), $"There is no Limits.{name}.");
            Assert.True(Users.Any(source => Regex.IsMatch(source, $@"\bLimits\.{name}\b")), $"Nothing uses Limits.{name}.");
            Assert.True(match.Groups[2].Success, $"Limits.{name} stands without a value.");
            long value = Convert.ToInt64(field.GetValue(null), CultureInfo.InvariantCulture);
            Assert.Equal($"{name} = {value.ToString("N0", CultureInfo.InvariantCulture)}", $"{name} = {match.Groups[2].Value.TrimEnd(',')}");
        }
    }

    [Fact]
    public void Every_test_exists()
    {
        Type[] types = typeof(BoundsPageTests).Assembly.GetTypes();
        Match[] named = Regex.Matches(Page, @"`(\w+Tests)\.(\w+)`").ToArray();
        Assert.True(named.Length > 80, $"Only {named.Length} tests were found.");
        foreach (Match match in named)
        {
            MethodInfo? method = types.SingleOrDefault(type => type.Name == match.Groups[1].Value)?.GetMethod(match.Groups[2].Value);
            Assert.True(method?.GetCustomAttribute<FactAttribute>() is { Skip: null }, $"There is no test {match.Value}.");
        }
    }

    [Fact]
    public void Every_row_names_a_test()
    {
        string[] rows = [.. Page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| somebody", StringComparison.Ordinal))];
        Assert.True(rows.Length >= 30, $"Only {rows.Length} rows were found.");
        Assert.All(rows, row => Assert.Matches(@"\| `\w+Tests\.\w+`[^|]*\|$", row));
    }
}
