namespace CcBt.Core.Tests.Session;

/// <summary>Who takes part in an exploration.</summary>
/// <param name="Starts">Callers of StartAsync.</param>
/// <param name="Knocks">Callers of Knock.</param>
/// <param name="Holds">Callers of Hold and then Release.</param>
/// <param name="Closes">Callers of CloseAsync.</param>
/// <param name="Failures">How many runs of the body fail before one succeeds.</param>
/// <param name="Obedient">Whether the body heeds its token.</param>
public sealed record GatePlan(int Starts, int Knocks, int Holds = 0, int Closes = 0, int Failures = 0, bool Obedient = true);
