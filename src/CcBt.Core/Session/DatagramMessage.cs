using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>A datagram that looks like a DHT packet. <paramref name="release"/> gives back its place in the queue.</summary>
internal sealed class DatagramMessage(PeerAddress from, ReadOnlyMemory<byte> bytes, Action release) : ClientMessage
{
    public override void Apply(ClientCore core, TimeSpan now)
    {
        release();
        core.Dht.Receive(from, bytes, now);
    }
}
