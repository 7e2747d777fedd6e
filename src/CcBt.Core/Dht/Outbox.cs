using System.Diagnostics.CodeAnalysis;
using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>What waits for the owner: datagrams to send and events. Bounded, so that an owner who forgets to take costs no memory.</summary>
internal sealed class Outbox
{
    private readonly Queue<DhtDatagram> _datagrams = [];
    private readonly Queue<DhtEvent> _events = [];

    /// <summary>What was lost because nobody took it.</summary>
    public long Dropped { get; private set; }

    public void Send(PeerAddress to, ReadOnlySpan<byte> bytes)
    {
        if (_datagrams.Count < Limits.DhtOutputs)
            _datagrams.Enqueue(new DhtDatagram(to, bytes.ToArray()));
        else
            Dropped++;
    }

    public void Tell(DhtEvent news)
    {
        if (_events.Count < Limits.DhtOutputs)
            _events.Enqueue(news);
        else
            Dropped++;
    }

    public bool TryTakeDatagram(out DhtDatagram datagram) => _datagrams.TryDequeue(out datagram);

    public bool TryTakeEvent([NotNullWhen(true)] out DhtEvent? news) => _events.TryDequeue(out news);
}
