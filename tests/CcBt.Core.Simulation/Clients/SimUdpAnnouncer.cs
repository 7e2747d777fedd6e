using System.Buffers.Binary;
using CcBt.Core.Addressing;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Trackers;

namespace CcBt.Core.Simulation.Clients;

/// <summary>Announces to UDP trackers: the library's conversations over the simulated network. Counts how they end, and how long it waits before it sends again.</summary>
internal sealed class SimUdpAnnouncer(SimMachine machine)
{
    private readonly Dictionary<PeerAddress, UdpTrackerConversation> _conversations = [];
    private readonly Dictionary<int, (AnnounceOrder Order, Action<AnnounceResult> Ended)> _orders = [];
    private readonly Dictionary<uint, TimeSpan> _sentAt = [];
    private int _lastId;

    public long Succeeded { get; private set; }

    public long Failed { get; private set; }

    /// <summary>Seconds between two sends of one request.</summary>
    public List<double> Pauses { get; } = [];

    private World World => machine.World;

    public void Announce(AnnounceOrder order, PeerAddress tracker, Action<AnnounceResult> ended)
    {
        if (!_conversations.TryGetValue(tracker, out UdpTrackerConversation? conversation))
            _conversations[tracker] = conversation = new UdpTrackerConversation(tracker, World.Random);
        _orders[++_lastId] = (order, ended);
        conversation.Announce(_lastId, order.Request, order.Tracker.PathAndQuery, World.Now + order.Limit, World.Now);
        Pump(conversation);
    }

    /// <summary>Takes a datagram that comes from a tracker.</summary>
    public bool Receive(PeerAddress from, ReadOnlyMemory<byte> datagram)
    {
        if (!_conversations.TryGetValue(from, out UdpTrackerConversation? conversation))
            return false;
        conversation.Handle(datagram.Span, World.Now);
        Pump(conversation);
        return true;
    }

    private void Pump(UdpTrackerConversation conversation)
    {
        while (conversation.TryTakeDatagram(out ReadOnlyMemory<byte> datagram))
        {
            uint transaction = BinaryPrimitives.ReadUInt32BigEndian(datagram.Span[12..]);
            if (_sentAt.TryGetValue(transaction, out TimeSpan before))
                Pauses.Add((World.Now - before).TotalSeconds);
            _sentAt[transaction] = World.Now;
            machine.Network.Send(machine.Host, conversation.Tracker, datagram);
        }
        while (conversation.TryTakeOutcome(out UdpTrackerOutcome outcome))
        {
            if (!_orders.Remove(outcome.RequestId, out (AnnounceOrder Order, Action<AnnounceResult> Ended) request))
                continue;
            Succeeded += outcome.Announce is null ? 0 : 1;
            Failed += outcome.Announce is null ? 1 : 0;
            request.Ended(outcome.Announce is { } reply
                ? AnnounceResult.FromReply(request.Order, reply, conversation.Tracker)
                : AnnounceResult.Failed(request.Order, outcome.Failure, "no answer"));
        }
        if (conversation.NextDeadline is not { } deadline)
            return;
        World.At(deadline, () =>
        {
            if (conversation.NextDeadline > World.Now || machine.Clock.IsStopped)
                return;
            conversation.Advance(World.Now);
            Pump(conversation);
        });
    }
}
