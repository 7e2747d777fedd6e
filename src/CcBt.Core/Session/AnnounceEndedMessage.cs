using CcBt.Core.Trackers;

namespace CcBt.Core.Session;

/// <summary>An announce succeeded or failed.</summary>
internal sealed class AnnounceEndedMessage(int announceId, AnnounceResult result) : ClientMessage
{
    public override void Apply(ClientCore core, TimeSpan now) => core.Announces.Ended(announceId, result, now);
}
