using CcBt.Core.Session;

namespace CcBt.Core.Tests.Session;

/// <summary>Runs an attempt on the thread that began it, so that a test sees each consequence before its own next line.</summary>
internal sealed class InlineSteps : IGateSteps
{
    public void At(GatePoint point, GateState? seen)
    {
    }

    public void Queue(IThreadPoolWorkItem work) => Run(work.Execute);

    /// <summary>Runs something that completes a task, with its continuations inline: a synchronization context would send them elsewhere.</summary>
    public static void Run(Action complete)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            complete();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
