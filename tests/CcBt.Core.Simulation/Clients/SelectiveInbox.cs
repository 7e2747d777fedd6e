using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Clients;

/// <summary>Leaves out the messages that a client does not understand.</summary>
internal sealed class SelectiveInbox(LinkInbox inbox, SimHabits habits) : IPeerReaderSink
{
    public void OnMessage(in PeerMessage message)
    {
        if (!habits.Ignores.Contains(message.Kind))
            inbox.OnMessage(message);
    }

    public bool TryOpenBlock(in BlockAddress block, out Memory<byte> destination) => inbox.TryOpenBlock(block, out destination);

    public void OnBlock(in BlockAddress block, bool isUsed) => inbox.OnBlock(block, isUsed);
}
