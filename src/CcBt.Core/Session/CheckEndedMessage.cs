using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>The hash check is over: it found these pieces good, or failed, or was stopped (neither pieces nor error).</summary>
internal sealed class CheckEndedMessage(SessionCore session, ISessionStore store, PieceSet? have, Exception? error) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.Start.CheckEnded(store, have, error, now);
}
