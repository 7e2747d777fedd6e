using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>A file that somebody had touched was checked again; these pieces are verified now.</summary>
internal sealed class FileCheckedMessage(SessionCore session, PieceSet verified, Exception? error) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.Progress.Rechecked(verified, error, now);
}
