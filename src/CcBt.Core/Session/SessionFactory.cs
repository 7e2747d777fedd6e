using CcBt.Core.Transport;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>Joins the two sides of a session, its front with the start gate and its core, in the same way for a client and for the simulator.</summary>
/// <param name="core">The owner of the sessions.</param>
/// <param name="mailbox">The way to the owner.</param>
/// <param name="down">The client's bucket for what it receives.</param>
/// <param name="up">The client's bucket for what it sends.</param>
/// <param name="beginStart">The body of each start gate.</param>
/// <param name="steps">Who runs the work of each start gate; null for the thread pool.</param>
internal sealed class SessionFactory(
    ClientCore core, IMailbox mailbox, TokenBucket down, TokenBucket up,
    Func<SessionFront, CancellationToken, Task> beginStart, Func<IGateSteps>? steps = null)
{
    /// <param name="setup">What the session is made from.</param>
    /// <param name="ended">Told when the session is closed and everything of it released.</param>
    public SessionFront Create(SessionSetup setup, Action<SessionFront>? ended = null)
    {
        TimeProvider time = core.Options.TimeProvider;
        ILogger logger = core.Logger;
        var rates = new SessionRates(time, down, up, setup.Options.DownloadBytesPerSecond, setup.Options.UploadBytesPerSecond);
        bool isArmed = setup.IsArmed && !(setup.Resume?.IsPaused ?? false);
        var front = new SessionFront(mailbox, setup, rates, new DiscoveryEvents(time, logger), new SeenPeers(time, core.OwnAddresses), f => new StartGate(
            cancelled => beginStart(f, cancelled),
            new StartGateOptions { TimeProvider = time, Held = !isArmed, Observer = new StartObserver(logger, setup.InfoHash), Steps = steps?.Invoke() }))
        {
            Ended = ended,
        };
        front.Core = new SessionCore(core, front, setup);
        return front;
    }
}
