namespace CcBt.Core.Tests.Session;

/// <summary>A user interface thread that is blocked: whatever is posted to it never runs.</summary>
internal sealed class DeafSynchronizationContext : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
    {
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new InvalidOperationException("the thread is blocked");
}
