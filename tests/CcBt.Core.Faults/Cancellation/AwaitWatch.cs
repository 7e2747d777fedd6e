using System.Diagnostics.Tracing;

namespace CcBt.Core.Faults.Cancellation;

/// <summary>
/// Hears of every await of a task that has not ended, on the thread that awaits and before it leaves, from the runtime's own events. Those that belong to
/// a call are told by what flows with it; the client's own loops do not.
/// </summary>
internal sealed class AwaitWatch : EventListener
{
    private const int AwaitBegins = 10;
    private const EventKeywords TasksAndTransfers = (EventKeywords)3;

    private static readonly AsyncLocal<AwaitPoint?> s_point = new();

    public static async Task RunAsync(AwaitPoint point, Func<CancellationToken, Task> call)
    {
        s_point.Value = point;
        await call(point.Token);
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Threading.Tasks.TplEventSource")
            EnableEvents(eventSource, EventLevel.Informational, TasksAndTransfers);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventId == AwaitBegins)
            s_point.Value?.Pass();
    }
}
