namespace CcBt.Core.Session;

/// <summary>The write budget has room again.</summary>
internal sealed class StoreRoomMessage(SessionCore session) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.Driver.RoomFreed(now);
}
