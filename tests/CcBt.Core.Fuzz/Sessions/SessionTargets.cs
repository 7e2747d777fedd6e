namespace CcBt.Core.Fuzz.Sessions;

/// <summary>The state machines, each fed a live session of valid and invalid inputs.</summary>
internal static class SessionTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new SessionTarget("start-sequence", 60, StartSequenceSession.Play),
        new SessionTarget("routing-table", 160, RoutingTableSession.Play),
    ];
}
