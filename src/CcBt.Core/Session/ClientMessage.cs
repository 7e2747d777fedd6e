namespace CcBt.Core.Session;

/// <summary>
/// Something that happened outside the owner: an edge's completion, a datagram, a user's call. It is applied by
/// <see cref="ClientCore.Step"/> on the owner alone and never waits.
/// </summary>
internal abstract class ClientMessage
{
    public abstract void Apply(ClientCore core, TimeSpan now);
}
