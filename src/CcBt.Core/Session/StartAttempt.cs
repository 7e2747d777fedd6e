namespace CcBt.Core.Session;

/// <summary>
/// One attempt to start: its task, which exists before its body runs, and its cancellation. Any thread may call it.
/// </summary>
internal sealed class StartAttempt(StartGate gate, KnockSource source) : IThreadPoolWorkItem
{
    // Flows through everything that the body calls, so that a body that waits for its own end is told instead of hanging.
    private static readonly AsyncLocal<StartAttempt?> s_running = new();

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Never disposed: it owns neither timer nor wait handle, and a close may race the end of the body.
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>The number of the attempt at its gate, from 1; set by the winner before anybody is told.</summary>
    public long Id { get; set; }

    public KnockSource Source => source;

    /// <summary>Ends after the body has, and after the gate has moved on.</summary>
    public Task Task => _ended.Task;

    public CancellationToken Token => _cancellation.Token;

    /// <summary>Whether the caller is code that the body of this attempt called, directly or through awaits.</summary>
    public bool IsRunningHere => ReferenceEquals(s_running.Value, this);

    public void Execute() => _ = gate.RunAsync(this);

    public async Task InvokeAsync(Func<CancellationToken, Task> start)
    {
        s_running.Value = this; // An async method's changes end with it: neither the pool thread nor our caller keeps this.
        await start(Token).ConfigureAwait(false);
    }

    /// <summary>Asks the body to end. The callbacks of the token run on the thread pool, not on the caller.</summary>
    public void Cancel() => Observe(_cancellation.CancelAsync());

    public void EndWithSuccess() => _ended.SetResult();

    public void EndWithCancellation() => _ended.SetCanceled(Token);

    public void EndWithFailure(Exception error)
    {
        _ended.SetException(error);
        _ = _ended.Task.Exception; // Knocks wait for nothing, so that possibly nobody else looks.
    }

    /// <summary>The attempt's task, or one that the caller's token can end without touching the attempt.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled) return Task;
        Task wait = Task.WaitAsync(cancellationToken);
        Observe(wait);
        return wait;
    }

    private static void Observe(Task task) => _ = task.ContinueWith(
        static ended => _ = ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
