using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>Telling peers of each other (BEP 11): what comes in is bounded and goes to the discovery door, what goes out leaves once a minute.</summary>
internal sealed class PeerExchange(SessionCore session)
{
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(Limits.PexLeastSeconds);

    public bool IsOn => session.Core.Options.EnablePeerExchange && !session.IsPrivate;

    /// <summary>False when the peer floods: BEP 11 allows a message a minute.</summary>
    public bool Handle(PeerState peer, ReadOnlyMemory<byte> payload, TimeSpan now)
    {
        if (!IsOn)
            return true;
        if (IsFlood(peer, now) || !PexMessage.TryRead(payload, out PexMessage message))
            return false;
        AddressClass from = peer.Link.Remote.Classify();
        var found = new List<PeerAddress>(message.Added.Count);
        foreach (PexPeer added in message.Added)
        {
            // A stranger from the Internet has no business naming addresses inside our network.
            AddressClass of = added.Address.Classify();
            if (of == AddressClass.Global || of == from)
                found.Add(added.Address);
        }
        session.Front.Door.Report(KnockSource.PeerExchange, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(found), lookupEnded: false);
        return true;
    }

    /// <summary>Each message uses up its minute; what counts is the rate over the link's life, so a link that bunches messages does not end it.</summary>
    private static bool IsFlood(PeerState peer, TimeSpan now)
    {
        if (peer.PexUsedUntil < now)
            peer.PexUsedUntil = now;
        peer.PexUsedUntil += Each;
        return peer.PexUsedUntil - now > (1 + Limits.PexEarlyMessages) * Each;
    }

    public void Send(PeerState peer, PexDelta delta)
    {
        if (!IsOn || peer.PexId == 0)
            return;
        var message = new PexMessage();
        message.Added.AddRange(delta.Added);
        message.Dropped.AddRange(delta.Dropped);
        peer.Link.Send(PeerMessage.Extended(peer.PexId, message.Write()));
    }
}
