namespace CcBt.Core.Session;

/// <summary>A session was added.</summary>
internal sealed class AddSessionMessage(SessionCore session) : ClientMessage
{
    public override void Apply(ClientCore core, TimeSpan now) => core.Add(session, now);
}
