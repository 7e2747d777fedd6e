using FsCheck;
using Microsoft.FSharp.Core;

namespace CcBt.Core.Tests.BEncoding;

/// <summary>FsCheck from a fixed seed, so that a run can be repeated; a failure prints its own seed.</summary>
internal static class Seeded
{
    public static Config Config { get; } = Config.QuickThrowOnFailure.WithMaxTest(500)
        .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20_260_731UL, 7_777_777UL), FSharpOption<int>.None)));
}
