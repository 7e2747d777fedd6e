using CcBt.Core.Storage;

namespace CcBt.Core.Session;

/// <summary>A piece was hashed and, when good, written.</summary>
internal sealed class PieceVerdictMessage(SessionCore session, PieceVerdict verdict) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now)
    {
        session.Progress.Verdict(verdict, now);
        verdict.Return();
    }

    protected override void Discard() => verdict.Return();
}
