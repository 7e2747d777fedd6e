using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>
/// Runs a <see cref="ClientCore"/>: one loop takes messages in the order they came and wakes the core at its next deadline.
/// <see cref="Post"/> may be called from any thread.
/// </summary>
internal sealed class ClientPump : IMailbox, IAsyncDisposable
{
    private readonly Channel<ClientMessage> _mailbox = Channel.CreateUnbounded<ClientMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly long _opened;
    private Task _run = Task.CompletedTask;
    private TimeSpan _armedFor = TimeSpan.MaxValue;
    private volatile bool _isArmed;

    public ClientPump(TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _opened = time.GetTimestamp();
        _timer = time.CreateTimer(static pump => ((ClientPump)pump!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Monotonic time since the client opened.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_opened);

    public bool Post(ClientMessage message) => _mailbox.Writer.TryWrite(message);

    /// <summary>Begins the loop. The caller's AsyncLocals, activity and logging scopes do not flow into it.</summary>
    public void Run(ClientCore core)
    {
        using (Detached.Begin())
            _run = RunAsync(core);
    }

    public async ValueTask DisposeAsync()
    {
        _mailbox.Writer.TryComplete();
        await _run.ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync(ClientCore core)
    {
        // Off the opener's thread, and out of its synchronization context, before the first message.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (await _mailbox.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            core.BeginBatch();
            while (_mailbox.Reader.TryRead(out ClientMessage? message))
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

    private void Ring()
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
