using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>Makes each start attempt visible: one log line an outcome, one activity, one count.</summary>
internal sealed class StartObserver(ILogger logger, InfoHash infoHash) : IStartGateObserver
{
    private Activity? _activity;

    public void AttemptBegun(long attemptId, KnockSource source)
    {
        ClientLog.StartBegun(logger, infoHash, attemptId, source.ToString());
        Telemetry.CountStart("begun");
        // The attempt belongs to nobody's call: whoever happened to begin it must not find itself inside its activity.
        Activity? caller = Activity.Current;
        _activity = Telemetry.Source.StartActivity("ccbt.start", ActivityKind.Internal, parentId: null);
        _activity?.SetTag("ccbt.info_hash", infoHash.ToString()).SetTag("ccbt.attempt", attemptId).SetTag("ccbt.source", source.ToString());
        Activity.Current = caller;
    }

    public void AttemptSucceeded(long attemptId)
    {
        ClientLog.StartSucceeded(logger, infoHash, attemptId);
        End("succeeded", ActivityStatusCode.Ok);
    }

    public void AttemptFailed(long attemptId, Exception error, TimeSpan? retryIn)
    {
        ClientLog.StartFailed(logger, infoHash, attemptId, retryIn, error);
        End("failed", ActivityStatusCode.Error);
    }

    public void AttemptCancelled(long attemptId, Exception? error) => End("cancelled", ActivityStatusCode.Unset);

    public void Closed() => ClientLog.StartClosed(logger, infoHash);

    private void End(string outcome, ActivityStatusCode status)
    {
        Telemetry.CountStart(outcome);
        _activity?.SetStatus(status).Dispose();
        _activity = null;
    }
}
