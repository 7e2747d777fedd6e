namespace CcBt.Core.Session;

/// <summary>A message for one session. What it throws faults that session and no other.</summary>
internal abstract class SessionMessage(SessionCore session) : ClientMessage
{
    public sealed override void Apply(ClientCore core, TimeSpan now)
    {
        if (session.IsReleased)
        {
            Discard();
            return;
        }
        try
        {
            Apply(session, now);
        }
        catch (Exception exception) when (session.TryFault(exception, now))
        {
        }
        core.Touch(session);
    }

    protected abstract void Apply(SessionCore session, TimeSpan now);

    /// <summary>The session is gone: whatever the message carries is given up.</summary>
    protected virtual void Discard()
    {
    }
}
