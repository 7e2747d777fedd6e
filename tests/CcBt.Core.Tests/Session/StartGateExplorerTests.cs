using System.Globalization;
using System.Numerics;
using Xunit.Abstractions;

namespace CcBt.Core.Tests.Session;

/// <summary>The gate under every interleaving of its atomic steps.</summary>
public sealed class StartGateExplorerTests(ITestOutputHelper output)
{
    public static TheoryData<GatePlan> Plans => new()
    {
        new GatePlan(Starts: 2, Knocks: 2, Closes: 1),
        new GatePlan(Starts: 4, Knocks: 0, Closes: 1, Obedient: false),
        new GatePlan(Starts: 0, Knocks: 4, Closes: 1),
        new GatePlan(Starts: 1, Knocks: 1, Closes: 1, Failures: 1),
        new GatePlan(Starts: 2, Knocks: 1, Failures: 2),
        new GatePlan(Starts: 1, Knocks: 1, Holds: 1, Failures: 1),
        new GatePlan(Starts: 1, Knocks: 1, Holds: 1, Closes: 1),
        new GatePlan(Starts: 1, Knocks: 1, Closes: 2),
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void Every_interleaving_starts_exactly_once_and_leaves_nobody_hanging(GatePlan plan)
    {
        Exploration exploration = Explore(plan, merge: true);
        Assert.Null(exploration.Failure);
        Assert.True(exploration.SchedulesRun > 0);
        Assert.True(exploration.Interleavings > exploration.SchedulesRun);
    }

    [Fact]
    public void Merging_equal_states_leaves_out_no_schedule()
    {
        var plan = new GatePlan(Starts: 1, Knocks: 1, Closes: 0);
        Exploration each = Explore(plan, merge: false);
        Exploration merged = Explore(plan, merge: true);
        Assert.Null(each.Failure);
        Assert.Null(merged.Failure);
        Assert.Equal((BigInteger)each.SchedulesRun, merged.Interleavings);
        Assert.True(merged.SchedulesRun < each.SchedulesRun);
    }

    [Fact]
    public void The_flag_that_the_project_began_with_is_found_to_start_twice()
    {
        var exploration = new Exploration(static baton =>
        {
            bool starting = false;
            int begun = 0;
            void Discover()
            {
                baton.Step("look at the flag", null, "");
                if (starting) return;
                baton.Step("set the flag", null, "");
                starting = true;
                begun++;
            }

            baton.Begin("callback", Discover);
            baton.Begin("callback", Discover);
            return (() => "", () => begun == 1 ? [] : [$"begun {begun} times"]);
        }, merge: false);
        exploration.Run();
        Assert.StartsWith("begun 2 times\nschedule: callback:begin", exploration.Failure, StringComparison.Ordinal);
    }

    private Exploration Explore(GatePlan plan, bool merge)
    {
        Exploration exploration = new Exploration(
            baton =>
            {
                var world = new GateWorld(baton, plan);
                return (world.Key, world.Check);
            },
            merge).Run();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{plan}: {exploration.SchedulesRun} schedules run, {exploration.States} states, standing for {exploration.Interleavings} interleavings"));
        if (exploration.Failure is { } failure) output.WriteLine(failure);
        return exploration;
    }
}
