namespace CcBt.Core.Tests.Architecture;

public sealed class TidyCheckerTests
{
    [Theory]
    [InlineData("namespace A.B; class X; class Y;", "one-type")]
    [InlineData("namespace A.B; class Y { }", "file-name")]
    [InlineData("namespace A.B { delegate List<int> Y(int a); }", "file-name")]
    [InlineData("namespace A; sealed record X(int A) { }", "namespace")]
    [InlineData("namespace A.B; class X { async void F() { } }", "async-void")]
    [InlineData("namespace A.B; class X { int F() { return DateTime.UtcNow.Day; } }", "wall-clock")]
    [InlineData("namespace A.B; class X { Random F() => new Random(); }", "own-random")]
    [InlineData("namespace A.B; class X { Task F() => Task.Delay(1); }", "sleeping-test")]
    [InlineData("namespace A.B; class X { void F() { try { } catch { } } }", "bare-catch")]
    [InlineData("namespace A.B; class X { void F() { try { } catch (Exception) { _n++; } } }", "bare-catch")]
    [InlineData("namespace A.B; class X { void F() { try { } catch\n{ // any\n } } }", "bare-catch")]
    [InlineData("namespace A.B; class X { void F() { try { } catch (Exception e) { _n++; } } }", "bare-catch")]
    public void A_broken_rule_is_found(string source, string rule)
        => Assert.Equal(rule, Assert.Single(Check(source).Violations).Rule);

    [Theory]
    [InlineData("namespace A.B; sealed record X(int A = 1);")]
    [InlineData("namespace A.B; class X<T> where T : class { class Nested; } class X { void F<T>(T t) where T : class { } }")]
    [InlineData("namespace A.B; class X { string F() => $\"catch {{ }} {(\"}\" + 'c')} async void\"; /* DateTime.Now */ } // class Y")]
    [InlineData("namespace A.B; class X { string F() => @\"C:\\\"\"class Y;\" + \"\"\" Random.Shared \"{ \"\"\"; char C = '\"'; char D = '\\''; }")]
    [InlineData("namespace A.B; class X { void F() { try { } catch (IOException) { } catch (Exception e) when (e is X) { } catch { throw; } } }")]
    [InlineData("namespace A.B; class X { void F() { try { } catch (Exception e) { Fail(e); } } Random R = new Random(1); }")]
    [InlineData("namespace A.B; class X { void F() { try { } catch (Exception)\n{ // A broken log must not stop a start.\n } } }")]
    [InlineData("namespace A.B; class X { Task F() => Task.Delay(Until(1, 2), _time); }")]
    [InlineData("using System; [assembly: X]")]
    public void A_source_that_keeps_the_rules_is_left_alone(string source)
        => Assert.Empty(Check(source).Violations);

    [Theory]
    [InlineData("UriHelper", true)]
    [InlineData("Utils", true)]
    [InlineData("PeerManager", true)]
    [InlineData("Uncommon", false)]
    [InlineData("UtilsOfNobody", false)]
    public void A_vague_name_is_found(string name, bool found)
        => Assert.Equal(found, TidyChecker.Check($"src/{name}.cs", $"class {name};", null).Violations.Any(v => v.Rule == "vague-name"));

    [Fact]
    public void A_members_lines_are_counted_without_its_attributes()
    {
        TidyChecker checker = Check("namespace A.B;\nclass X\n{\n    int[] _a = { 1,\n 2 };\n    [Fact]\n    [D([1])]\n    public void Long(\n        int a)\n    {\n        if (a)\n        {\n        }\n    }\n\n    int P\n    {\n        get => 1;\n    }\n}\n");

        Assert.Equal([("Long", 8, 7), ("P", 16, 4)], checker.Members.Select(m => (m.Name, m.FirstLine, m.Lines)));
        Assert.Equal(20, checker.Lines);
    }

    [Fact]
    public void A_long_member_and_a_long_file_are_found()
    {
        string body = string.Concat(Enumerable.Repeat("        ;\n", TidyChecker.LongFile));

        TidyChecker checker = Check($"namespace A.B;\nclass X\n{{\n    void F()\n    {{\n{body}    }}\n}}\n");

        Assert.Equal(["file-lines", "member-lines"], checker.Violations.Select(v => v.Rule));
    }

    [Fact]
    public void An_exception_allows_what_it_names_and_goes_stale()
    {
        TidyViolation violation = new("file-lines", "src/X.cs", 650, "long");

        Assert.Empty(new TidyExceptions("# why\nfile-lines src/X.cs 650\n").Judge([violation]));
        Assert.Single(new TidyExceptions("file-lines src/X.cs 640").Judge([violation]));
        Assert.StartsWith("stale", Assert.Single(new TidyExceptions("file-lines src/X.cs 700").Judge([violation])), StringComparison.Ordinal);
        Assert.StartsWith("stale", Assert.Single(new TidyExceptions("file-lines src/X.cs 650").Judge([])), StringComparison.Ordinal);
    }

    private static TidyChecker Check(string source) => TidyChecker.Check("tests/CcBt.Core.Tests/B/X.cs", source, "A.B");
}
