using CcBt.Core.Addressing;

namespace CcBt.Core.Transport;

/// <summary>Takes the datagrams of a <see cref="UdpHub"/>.</summary>
internal interface IDatagramSink
{
    /// <summary>
    /// Called on the hub's receive loop, one datagram after the other for one hub, at the same time for two hubs. It must not wait. The bytes
    /// are the hub's and are overwritten when the call returns: what is kept must be copied.
    /// </summary>
    /// <returns>Whether the datagram was meant for this sink; if not, the next one is asked.</returns>
    bool Receive(UdpHub hub, PeerAddress from, ReadOnlyMemory<byte> datagram);
}
