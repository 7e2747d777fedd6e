using CcBt.Core.Session;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Clients;

/// <summary>The body of a start gate in virtual time: the owner runs the start, and a moment after it has ended the gate is told.</summary>
internal sealed class SimStart
{
    private readonly TaskCompletionSource _done = new();
    private readonly TaskCompletionSource _told = new();
    // The gate's own token calls back on the thread pool; this one is cancelled by an event of the world instead.
    private readonly CancellationTokenSource _cancellation = new();
    private readonly World _world;
    private readonly SimGateSteps _steps;

    public SimStart(World world, SimGateSteps steps)
    {
        _world = world;
        _steps = steps;
        _steps.Running = this;
    }

    public Task Run(SessionFront front, IMailbox mailbox)
    {
        _ = _done.Task.ContinueWith(
            _ => _world.After(TimeSpan.FromMicroseconds(10 + _world.Random.Next(190)), Tell),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (!mailbox.Post(new BeginStartMessage(front.Core, _done, _cancellation.Token)))
            _done.TrySetException(new ObjectDisposedException(nameof(TorrentClient)));
        return _told.Task;
    }

    public void Cancel() => _cancellation.Cancel();

    private void Tell()
    {
        _steps.Running = null;
        Task done = _done.Task;
        if (done.IsCanceled)
            _told.SetCanceled();
        else if (done.Exception is { } error)
            _told.SetException(error.InnerExceptions);
        else
            _told.SetResult();
        _steps.Settle?.Invoke();
    }
}
