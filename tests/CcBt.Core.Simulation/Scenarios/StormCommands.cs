using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>Lists of storm commands: how they are drawn from a seed, and how a list that fails is made shorter.</summary>
internal static class StormCommands
{
    private const int Amounts = 1_000;

    /// <summary>Draws one list and judges it. False when it fails; then shorter and shorter lists are judged, as long as one fails.</summary>
    public static bool Check(int seed, int count, int torrents, Func<StormCommand[], bool> holds)
    {
        bool isGood = true;
        // An odd second number is what the generator asks for.
        Config config = Config.Quick.WithMaxTest(1).WithQuietOnSuccess(true).WithRunner(new SilentRunner())
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd((ulong)seed, 2 * (ulong)seed + 1), FSharpOption<int>.None)));
        Prop.ForAll(Arb.From(Draw(count, torrents), Shorter), commands =>
        {
            bool isThis = holds(commands);
            isGood &= isThis;
            return isThis;
        }).Check(config);
        return isGood;
    }

    private static Gen<StormCommand[]> Draw(int count, int torrents)
    {
        Gen<StormAct> acts = Gen.Frequency(
            (14, Gen.Constant(StormAct.Add)),
            (20, Gen.Constant(StormAct.Start)),
            (10, Gen.Constant(StormAct.Pause)),
            (20, Gen.Constant(StormAct.Discover)),
            (4, Gen.Constant(StormAct.Stop)),
            (3, Gen.Constant(StormAct.Remove)),
            (2, Gen.Constant(StormAct.Crash)),
            (1, Gen.Constant(StormAct.Restart)),
            (6, Gen.Constant(StormAct.Disk)),
            (15, Gen.Constant(StormAct.Tick)),
            (5, Gen.Constant(StormAct.Wait)));
        Gen<StormCommand> command = acts.SelectMany(act => Gen.Choose(0, torrents * Amounts - 1).Select(n => new StormCommand(act, n / Amounts, n % Amounts)));
        return command.ArrayOf(count);
    }

    /// <summary>The list without one of its halves, quarters, ... , single commands.</summary>
    private static IEnumerable<StormCommand[]> Shorter(StormCommand[] commands)
    {
        for (int length = commands.Length / 2; length > 0; length /= 2)
        {
            for (int begin = 0; begin < commands.Length; begin += length)
                yield return [.. commands[..begin], .. commands[Math.Min(begin + length, commands.Length)..]];
        }
    }
}
