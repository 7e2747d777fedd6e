using System.Runtime.InteropServices;
using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>
/// Outputs in order. The blocks of leases and cancels lie in one buffer that is used again once all outputs
/// are taken, so that a running download allocates none.
/// </summary>
internal sealed class Outbox
{
    private readonly List<SwarmOutput> _outputs = [];
    private readonly List<BlockAddress> _blocks = [];
    private int _next;
    private SwarmOutput _taken;

    /// <summary>The blocks of the output that was taken last; valid until the next is taken.</summary>
    public ReadOnlySpan<BlockAddress> TakenBlocks
        => CollectionsMarshal.AsSpan(_blocks).Slice(_taken.FirstBlock, _taken.BlockCount);

    public bool TryTake(out SwarmOutput output)
    {
        if (_next == _outputs.Count)
        {
            _outputs.Clear();
            _blocks.Clear();
            _next = 0;
            output = _taken = default;
            return false;
        }
        output = _taken = _outputs[_next++];
        return true;
    }

    public void Add(in SwarmOutput output) => _outputs.Add(output);

    public void Send(int link, in PeerMessage message) => Add(new SwarmOutput(SwarmOutputKind.Send, link) { Message = message });

    public void Close(int link, SwarmCloseReason reason) => Add(new SwarmOutput(SwarmOutputKind.Close, link) { Reason = reason });

    public void Ban(PeerAddress address) => Add(new SwarmOutput(SwarmOutputKind.Ban) { Address = address });

    public void Dial(PeerAddress address) => Add(new SwarmOutput(SwarmOutputKind.Dial) { Address = address });

    public void Discard(int piece) => Add(new SwarmOutput(SwarmOutputKind.DiscardPiece) { Piece = piece });

    public void Cancel(int link, in BlockAddress block)
    {
        // Cancels for one link follow each other; they become one output.
        if (_outputs.Count > _next && _outputs[^1] is { Kind: SwarmOutputKind.CancelBlocks } last && last.Link == link)
        {
            _blocks.Add(block);
            _outputs[^1] = last with { BlockCount = last.BlockCount + 1 };
            return;
        }
        Add(new SwarmOutput(SwarmOutputKind.CancelBlocks, link) { FirstBlock = _blocks.Count, BlockCount = 1 });
        _blocks.Add(block);
    }

    public void Lease(int link, ReadOnlySpan<BlockAddress> blocks, int reportMark)
    {
        Add(new SwarmOutput(SwarmOutputKind.Lease, link) { FirstBlock = _blocks.Count, BlockCount = blocks.Length, ReportMark = reportMark });
        foreach (BlockAddress block in blocks)
            _blocks.Add(block);
    }
}
