using System.Collections.Concurrent;
using CcBt.Core.Session;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Clients;

/// <summary>
/// A client's mailbox in virtual time: what is posted is handed to the owner in a batch a moment later. The few things that the
/// library finishes on the thread pool post from there; the world takes those in at the moment when it knows them to come.
/// </summary>
internal sealed class SimMailbox(World world, Action<List<ClientMessage>> run) : IMailbox, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly BlockingCollection<ClientMessage> _foreign = [];
    private List<ClientMessage> _waiting = [];
    private List<ClientMessage> _spare = [];
    private bool _isPlanned;
    private volatile bool _isClosed;

    /// <summary>Until then the owner does not run; what is posted waits.</summary>
    public TimeSpan FrozenUntil { get; set; }

    public bool Post(ClientMessage message)
    {
        if (_isClosed)
            return false;
        if (!world.IsOwnThread)
        {
            _foreign.Add(message);
            return true;
        }
        _waiting.Add(message);
        Plan();
        return true;
    }

    /// <summary>Takes in the one message that another thread is about to post.</summary>
    public void Await()
    {
        world.Require(_foreign.TryTake(out ClientMessage? message, s_patience), "What the thread pool had to post never came.");
        Post(message!);
    }

    /// <summary>The client is gone: nothing is taken and nothing handed out any more.</summary>
    public void Close()
    {
        _isClosed = true;
        _waiting.Clear();
    }

    public void Dispose() => _foreign.Dispose();

    private void Plan()
    {
        if (_isPlanned)
            return;
        _isPlanned = true;
        world.After(TimeSpan.FromMicroseconds(20 + world.Random.Next(180)), Run);
    }

    private void Run()
    {
        if (world.Now < FrozenUntil)
        {
            world.At(FrozenUntil, Run);
            return;
        }
        _isPlanned = false;
        if (_isClosed)
            return;
        List<ClientMessage> batch = _waiting;
        _waiting = _spare;
        run(batch);
        batch.Clear();
        _spare = batch;
    }
}
