using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Disk;

/// <summary>A piece on its way in: of several links with the same lease one gets the claim; the last block brings the verdict.</summary>
internal sealed class SimPiece(SimStore store, int piece, int length) : IBlockDestination
{
    private enum BlockState : byte
    {
        Free = 0,
        Claimed,
        Received,
    }

    private readonly byte[] _content = new byte[length];
    private readonly BlockState[] _states = new BlockState[(length + BlockAddress.Size - 1) / BlockAddress.Size];
    private readonly int[] _links = new int[(length + BlockAddress.Size - 1) / BlockAddress.Size];
    private int _claims;

    public int Piece => piece;

    public ReadOnlySpan<byte> Content => _content;

    public bool IsReleased { get; private set; }

    public bool IsIdle => _claims == 0;

    public bool IsReceived(int begin) => _states[begin / BlockAddress.Size] == BlockState.Received;

    public bool TryClaim(in BlockAddress block, int linkId, out Memory<byte> memory)
    {
        memory = default;
        int index = block.Begin / BlockAddress.Size;
        if (IsReleased || block.Piece != piece || block.Begin % BlockAddress.Size != 0 || (uint)block.Begin >= (uint)length
            || block.Length != LengthOf(index) || _states[index] != BlockState.Free)
            return false;
        _states[index] = BlockState.Claimed;
        _links[index] = linkId;
        _claims++;
        memory = _content.AsMemory(block.Begin, block.Length);
        return true;
    }

    public void Complete(in BlockAddress block, int linkId)
    {
        End(block, linkId, BlockState.Received);
        if (!IsReleased && Array.TrueForAll(_states, static s => s == BlockState.Received))
        {
            IsReleased = true;
            store.Judge(this);
        }
        else if (IsReleased && IsIdle)
        {
            store.Free(this);
        }
    }

    public void Abandon(in BlockAddress block, int linkId)
    {
        End(block, linkId, BlockState.Free);
        if (IsReleased && IsIdle)
            store.Free(this);
    }

    public void Release()
    {
        if (IsReleased)
            return;
        IsReleased = true;
        if (IsIdle)
            store.Free(this);
    }

    public void AddContributions(List<BlockContribution> contributions, bool withDigests)
    {
        for (int i = 0; i < _links.Length; i++)
        {
            BlockDigest digest = withDigests ? BlockDigest.Compute(_content.AsSpan(i * BlockAddress.Size, LengthOf(i))) : default;
            contributions.Add(new BlockContribution(i, _links[i], digest));
        }
    }

    private void End(in BlockAddress block, int linkId, BlockState to)
    {
        int index = block.Begin / BlockAddress.Size;
        if (block.Piece != piece || _states[index] != BlockState.Claimed || _links[index] != linkId)
            throw new InvalidOperationException($"Link {linkId} has no claim on {block}.");
        _states[index] = to;
        _claims--;
    }

    private int LengthOf(int index) => Math.Min(BlockAddress.Size, length - index * BlockAddress.Size);
}
