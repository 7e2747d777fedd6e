using CcBt.Core.Session;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace CcBt.Core.Tests.Session;

/// <summary>Random commands, the gate against its model. A failure prints the seed and the shrunk commands.</summary>
public sealed class StartGateModelTests
{
    private static readonly double[] s_delays = [0.5, 1, 3, 61];

    private readonly HashSet<string> _answers = [];

    [Fact]
    public void The_gate_does_what_its_model_says()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(1_000).WithEndSize(60)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(19_770_525UL, 5_551_215UL), FSharpOption<int>.None)));
        Prop.ForAll<GateCommand[]>(Commands(), commands => Follow(commands)).Check(config);

        foreach (KnockResult result in Enum.GetValues<KnockResult>()) Assert.Contains(result.ToString(), _answers);
        foreach (string status in new[] { "ok", "failed", "cancelled", "refused", "waits" }) Assert.Contains(status, _answers);
    }

    private static Arbitrary<GateCommand[]> Commands() => Arb.From(
        Gen.Frequency(
            (4, Gen.Constant(GateCommand.Start)),
            (6, Gen.Constant(GateCommand.Knock)),
            (2, Gen.Constant(GateCommand.Hold)),
            (2, Gen.Constant(GateCommand.Release)),
            (1, Gen.Constant(GateCommand.Succeed)),
            (5, Gen.Constant(GateCommand.Fail)),
            (1, Gen.Constant(GateCommand.FailForGood)),
            (1, Gen.Constant(GateCommand.Close)),
            (8, Gen.Elements(GateCommand.AdvanceHalf, GateCommand.AdvanceOne, GateCommand.AdvanceThree, GateCommand.AdvanceSixtyOne)))
        .ArrayOf(),
        static commands => Enumerable.Range(0, commands.Length).Select(left => (GateCommand[])[.. commands[..left], .. commands[(left + 1)..]]));

    private bool Follow(GateCommand[] commands)
    {
        var script = new StartScript(isTransient: static error => error is IOException);
        var model = new GateModel();
        var calls = new List<Task>();
        var closes = new List<Task>();
        int ended = 0;
        foreach (GateCommand command in commands)
        {
            Apply(command, script, model, calls, closes, ref ended);
            Assert.Equal(model.Counters, script.Gate.Counters);
            Assert.Equal((model.Phase, model.Held), (script.Gate.State.Phase, script.Gate.State.Held));
            Assert.Equal(model.Counters.Begun, script.Runs.Count);
            Assert.Equal(model.Calls, calls.Select(StatusOf));
            _answers.UnionWith(model.Calls);
        }

        if (ended == script.Runs.Count) Assert.True(Task.WhenAll(closes).Wait(TimeSpan.FromSeconds(60)));
        Assert.True(script.Time.ScheduledTimers <= 1);
        return true;
    }

    private void Apply(GateCommand command, StartScript script, GateModel model, List<Task> calls, List<Task> closes, ref int ended)
    {
        switch (command)
        {
            case GateCommand.Start:
                model.Start();
                calls.Add(script.Gate.StartAsync());
                break;
            case GateCommand.Knock:
                string answer = script.Gate.Knock(KnockSource.Dht).ToString();
                Assert.Equal(model.Knock(), answer);
                _answers.Add(answer);
                break;
            case GateCommand.Hold:
                model.Hold();
                script.Gate.Hold();
                break;
            case GateCommand.Release:
                model.Release();
                script.Gate.Release();
                break;
            case GateCommand.Close:
                model.Close();
                closes.Add(script.Gate.CloseAsync());
                break;
            case >= GateCommand.AdvanceHalf:
                double delay = s_delays[command - GateCommand.AdvanceHalf];
                model.Advance(delay);
                script.Advance(delay);
                break;
            default:
                EndRun(command, script, model, ref ended);
                break;
        }
    }

    private static void EndRun(GateCommand command, StartScript script, GateModel model, ref int ended)
    {
        model.End(command == GateCommand.Succeed ? "ok" : "failed", permanent: command == GateCommand.FailForGood);
        if (ended == script.Runs.Count) return;
        ScriptedRun run = script.Runs[ended++];
        if (command == GateCommand.Succeed) run.Succeed();
        else run.Fail(command == GateCommand.Fail ? new IOException() : new InvalidOperationException());
    }

    private static string StatusOf(Task call) => call.Status switch
    {
        TaskStatus.RanToCompletion => "ok",
        TaskStatus.Canceled => "cancelled",
        TaskStatus.Faulted => call.Exception!.InnerException is ObjectDisposedException ? "refused" : "failed",
        _ => "waits",
    };
}
