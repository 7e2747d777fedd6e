using System.Reflection;
using System.Runtime.Loader;
using CcBt.Core.Mutation.Mutants;
using CcBt.Core.Mutation.Planted;
using CcBt.Core.Mutation.Running;

namespace CcBt.Core.Mutation;

public sealed class MutatedAssemblyTests : IDisposable
{
    private static readonly Room s_room = new("Mutation.Planted", [nameof(Gauge)], []);

    private readonly AssemblyLoadContext _context = new("changed", isCollectible: true);
    private readonly MutatedAssembly _mutated;
    private readonly MutantSwitch _switch;
    private readonly Type _gauge;

    public MutatedAssemblyTests()
    {
        using var changed = new MemoryStream();
        _mutated = MutatedAssembly.Write(typeof(Gauge).Assembly.Location, [s_room], changed);
        changed.Position = 0;
        Assembly assembly = _context.LoadFromStream(changed);
        _switch = new MutantSwitch(assembly, _mutated.Sites);
        _gauge = assembly.GetType(typeof(Gauge).FullName!, throwOnError: true)!;
    }

    public void Dispose() => _context.Unload();

    [Fact]
    public void Without_a_mutant_the_changed_code_answers_as_the_source_says()
    {
        Assert.Equal(Original(), Answers());
    }

    [Fact]
    public void Every_mutant_changes_an_answer_or_does_not_end()
    {
        object[] original = Original();
        foreach (Mutant mutant in _mutated.Mutants)
        {
            _switch.TurnOn(mutant.Id);
            using var limit = new Timer(_ => _switch.Abort(true), null, 100, Timeout.Infinite);
            object[]? answers = Try();
            _switch.Abort(false);
            Assert.True(answers is null || !answers.SequenceEqual(original), $"{mutant} changes nothing.");
        }
        Assert.Contains(_mutated.Mutants, m => m.Kind == MutantKind.ReturnNegated);
        Assert.Contains(_mutated.Mutants, m => m.Kind == MutantKind.BoundaryShifted);
    }

    [Fact]
    public void A_mutant_knows_its_place_in_the_source()
    {
        Mutant guard = _mutated.Mutants.First(m => m.Method == "Gauge.Measure");

        Assert.EndsWith("Planted/Gauge.cs", guard.File, StringComparison.Ordinal);
        Assert.Contains(_mutated.Mutants, m => m.Source == "if (value < 0)");
        Assert.Contains(_mutated.Mutants, m => m is { Method: "Gauge.IsInside", Kind: MutantKind.ReturnNegated });
    }

    [Fact]
    public void Sites_that_ran_are_told()
    {
        _switch.ForgetHits();
        Call(nameof(Gauge.IsInside), 1, 0, 2);

        int[] own = [.. _mutated.Mutants.Where(m => m.Method == "Gauge.IsInside").Select(m => m.Site).Distinct()];
        Assert.NotEmpty(_switch.Hits());
        Assert.All(_switch.Hits(), hit => Assert.Contains(hit, own));
    }

    private static object[] Original() =>
    [
        .. Enumerable.Range(-2, 6).Select(i => (object)Gauge.Measure(i)),
        .. Enumerable.Range(-2, 6).Select(i => (object)Gauge.IsInside(i, -1, 2)),
    ];

    private object[] Answers() =>
    [
        .. Enumerable.Range(-2, 6).Select(i => Call(nameof(Gauge.Measure), i)),
        .. Enumerable.Range(-2, 6).Select(i => Call(nameof(Gauge.IsInside), i, -1, 2)),
    ];

    private object[]? Try()
    {
        try
        {
            return Answers();
        }
        catch (TargetInvocationException stopped) when (stopped.InnerException is TimeoutException)
        {
            return null;
        }
    }

    private object Call(string method, params object[] arguments) => _gauge.GetMethod(method)!.Invoke(null, arguments)!;
}
