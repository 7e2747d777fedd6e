namespace CcBt.Core;

/// <summary>
/// What the start of a session has gone through so far. The values only grow, and
/// <see cref="Begun"/> is always the sum of <see cref="Failed"/>, <see cref="Closed"/>, the start that succeeded (at most one)
/// and the one in flight (at most one).
/// </summary>
/// <param name="Begun">Attempts that began to run, from whatever source.</param>
/// <param name="Joined">Calls and discoveries that found an attempt in flight and shared it instead of beginning another.</param>
/// <param name="Failed">Attempts that ended with an exception.</param>
/// <param name="Retried">Attempts, out of <paramref name="Begun"/>, that began after an earlier one had failed.</param>
/// <param name="Closed">Attempts that were cancelled because the session was closed while they ran.</param>
public sealed record StartCounters(long Begun, long Joined, long Failed, long Retried, long Closed);
