using System.Collections.Concurrent;
using CcBt.Core.Session;

namespace CcBt.Core.Tests.Session;

/// <summary>Keeps what is posted until the test lets the owner run. Any thread may post.</summary>
internal sealed class QueueMailbox : IMailbox
{
    private readonly ConcurrentQueue<ClientMessage> _waiting = new();

    public bool IsClosed { get; set; }

    public bool IsEmpty => _waiting.IsEmpty;

    public bool Post(ClientMessage message)
    {
        if (!IsClosed)
            _waiting.Enqueue(message);
        return !IsClosed;
    }

    public bool TryTake(out ClientMessage message) => _waiting.TryDequeue(out message!);
}
