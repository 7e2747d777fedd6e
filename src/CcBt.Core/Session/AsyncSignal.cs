namespace CcBt.Core.Session;

/// <summary>
/// A result that callers can await before it is there. Thread-safe; continuations never run on the thread that sets it.
/// A failure nobody waits for is not reported as unobserved.
/// </summary>
internal sealed class AsyncSignal<T>
{
    private readonly object _gate = new();
    private TaskCompletionSource<T> _source = New();

    public Task<T> Task
    {
        get
        {
            lock (_gate)
                return _source.Task;
        }
    }

    public void Set(T value)
    {
        lock (_gate)
            _source.TrySetResult(value);
    }

    /// <summary>Makes the signal unset again, unless it failed.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            if (_source.Task.IsCompletedSuccessfully)
                _source = New();
        }
    }

    /// <summary>Ends all waits, also later ones, with this exception.</summary>
    public void Fail(Exception exception)
    {
        lock (_gate)
        {
            if (_source.Task.IsCompletedSuccessfully)
                _source = New();
            if (_source.TrySetException(exception))
                _ = _source.Task.Exception;
        }
    }

    private static TaskCompletionSource<T> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
