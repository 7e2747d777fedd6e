namespace CcBt.Core.Session;

/// <summary>A user's call, carried to the owner.</summary>
internal sealed class CallMessage(Action<ClientCore, TimeSpan> call) : ClientMessage
{
    public override void Apply(ClientCore core, TimeSpan now) => call(core, now);
}
