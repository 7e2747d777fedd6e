using CcBt.Core.Transport;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>
/// Runs a <see cref="ClientCore"/> on a thread of its own, which takes messages in the order they came and wakes the core at its next
/// deadline. <see cref="Post"/> may be called from any thread.
/// </summary>
/// <remarks>A wake of the thread pool wakes a second worker as well, to look for more; a running download posts hundreds of messages a second.</remarks>
internal sealed class ClientPump : IMailbox, IAsyncDisposable
{
    private const int MostKept = 4096;

    private readonly object _gate = new();

    // Never disposed: whoever posts rings it outside the lock, and may do so a moment after the end.
    private readonly AutoResetEvent _bell = new(initialState: false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly long _opened;
    private List<ClientMessage> _waiting = [];
    private List<ClientMessage> _taken = [];
    private bool _isAsleep;
    private bool _isClosed;
    private bool _isRunning;
    private TimeSpan _armedFor = TimeSpan.MaxValue;
    private volatile bool _isArmed;

    public ClientPump(TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _opened = time.GetTimestamp();
        _timer = time.CreateTimer(static pump => ((ClientPump)pump!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Monotonic time since the client opened.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_opened);

    public bool Post(ClientMessage message)
    {
        bool isAsleep;
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _waiting.Add(message);
            isAsleep = _isAsleep;
            _isAsleep = false;
        }
        if (isAsleep)
            _bell.Set();
        return true;
    }

    public bool PostLater(ClientMessage message)
    {
        lock (_gate)
        {
            if (!_isClosed)
                _waiting.Add(message);
            return !_isClosed;
        }
    }

    public void Ring()
    {
        lock (_gate)
        {
            if (!_isAsleep || _waiting.Count == 0)
                return;
            _isAsleep = false;
        }
        _bell.Set();
    }

    /// <summary>Begins the loop. The caller's AsyncLocals, activity and logging scopes do not flow into it.</summary>
    public void Run(ClientCore core)
    {
        _isRunning = true;
        LoopThread.Start("CcBt owner", () => Loop(core));
    }

    /// <summary>Takes no more messages; ends when those that came before are done.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _isClosed = true;
        _bell.Set();
        if (_isRunning)
            await _ended.Task.ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private void Loop(ClientCore core)
    {
        while (Take() is { } messages)
        {
            core.BeginBatch();
            foreach (ClientMessage message in messages)
                Step(core, message);
            try
            {
                core.EndBatch(Now);
            }
            catch (Exception exception) when (Log(exception, "the end of a batch"))
            {
            }
            Arm(core.NextDeadline);
        }
        _ended.SetResult();
    }

    /// <summary>Waits for messages and takes all there are; null at the end.</summary>
    private List<ClientMessage>? Take()
    {
        _taken.Clear();
        if (_taken.Capacity > MostKept)
            _taken = [];
        while (true)
        {
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    (_waiting, _taken) = (_taken, _waiting);
                    return _taken;
                }
                if (_isClosed)
                    return null;
                _isAsleep = true;
            }
            _bell.WaitOne();
        }
    }

    private void Step(ClientCore core, ClientMessage message)
    {
        try
        {
            core.Step(message, Now);
        }
        catch (Exception exception) when (Log(exception, message.GetType().Name))
        {
        }
    }

    private bool Log(Exception exception, string place)
    {
        ClientLog.StepFailed(_logger, place, exception);
        return true;
    }

    private void Tick()
    {
        // Cleared before the tick is posted: a timer counts coarser than the clock and may ring a moment early, and the batch of that
        // tick then has to arm it again for the same deadline.
        _isArmed = false;
        Post(TickMessage.Instance);
    }

    private void Arm(TimeSpan deadline)
    {
        // A timer that rings too early only costs a step, so it is moved only when it would ring too late.
        if (deadline == TimeSpan.MaxValue || (_isArmed && deadline >= _armedFor))
            return;
        _armedFor = deadline;
        _isArmed = true;
        double due = Math.Ceiling((deadline - Now).TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(due, 0, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }
}
