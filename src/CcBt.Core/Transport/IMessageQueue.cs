using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>Takes messages for the peer of a link; they leave with its next flush.</summary>
internal interface IMessageQueue
{
    void Enqueue(in PeerMessage message);
}
