using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>The files are open. <paramref name="trusted"/> holds the pieces that need no check; null means that all must be checked.</summary>
internal sealed class StoreOpenedMessage(SessionCore session, long attempt, ISessionStore store, PieceSet? trusted, Action<ISessionStore> close) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.Start.StoreOpened(attempt, store, trusted, now);

    protected override void Discard() => close(store);
}
