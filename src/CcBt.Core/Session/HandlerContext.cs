using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>
/// The context that users' event handlers run in. It exists for <c>async void</c> handlers: an exception after their first
/// await is posted here, where it is logged, instead of ending the process.
/// </summary>
internal sealed class HandlerContext(ILogger logger) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
        => ThreadPool.UnsafeQueueUserWorkItem(static work => work.Context.Run(work.Callback, work.State), (Context: this, Callback: d, State: state), preferLocal: false);

    public override void Send(SendOrPostCallback d, object? state) => Run(d, state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs the callback inside this context; what it throws is logged and goes no further.</summary>
    public void Run(SendOrPostCallback callback, object? state)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        catch (Exception exception) when (Log(exception))
        {
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private bool Log(Exception exception)
    {
        ClientLog.HandlerFailed(logger, exception);
        return true;
    }
}
