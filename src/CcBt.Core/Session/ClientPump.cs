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

    public ClientPump(TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _opened = time.GetTimestamp();
        _timer = time.CreateTimer(static pump => ((ClientPump)pump!).Post(TickMessage.Instance), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Monotonic time since the client opened.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_opened);

    public bool Post(ClientMessage message) => _mailbox.Writer.TryWrite(message);

    /// <summary>Begins the loop. The caller's AsyncLocals, activity and logging scopes do not flow into it.</summary>
    public void Run(ClientCore core)
    {
        using (ExecutionContext.SuppressFlow())
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
        // Off the opener's thread before the first message.
        await Task.Yield();
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

    private void Arm(TimeSpan deadline)
    {
        TimeSpan now = Now;
        // A timer that rings too early only costs a step, so it is moved only when it would ring too late or is past.
        if (deadline >= _armedFor && _armedFor > now)
            return;
        _armedFor = deadline;
        if (deadline == TimeSpan.MaxValue)
            return;
        TimeSpan due = deadline - now;
        // Timers count whole milliseconds; rounding up keeps the core from being woken just before its deadline.
        _timer.Change(due <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(due.TotalMilliseconds), int.MaxValue)), Timeout.InfiniteTimeSpan);
    }
}
