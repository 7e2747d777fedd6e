using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Sessions;

/// <summary>A destination of blocks that checks that each claim is made once at a time, ends once, and ends with the bytes that were sent.</summary>
internal sealed class ClaimBook : IBlockDestination
{
    private readonly Dictionary<BlockAddress, byte[]> _open = [];
    private readonly HashSet<BlockAddress> _refused = [];

    public static byte[] Content(in BlockAddress block)
    {
        var bytes = new byte[block.Length];
        new Random(block.Piece * 31 + block.Begin + block.Length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Another link has the block, or has it no more.</summary>
    public void Toggle(BlockAddress block)
    {
        if (!_refused.Remove(block))
            _refused.Add(block);
    }

    public bool TryClaim(in BlockAddress block, int linkId, out Memory<byte> memory)
    {
        memory = default;
        if (_refused.Contains(block))
            return false;
        FuzzFailure.When(_open.ContainsKey(block), $"{block} is claimed twice.");
        // Buffers are longer than what is claimed in them.
        var bytes = new byte[block.Length + 16];
        _open.Add(block, bytes);
        memory = bytes;
        return true;
    }

    public void Complete(in BlockAddress block, int linkId)
    {
        FuzzFailure.When(!_open.Remove(block, out byte[]? bytes), $"{block} is complete, and was not claimed.");
        FuzzFailure.When(!bytes.AsSpan(0, block.Length).SequenceEqual(Content(block)), $"{block} has other bytes than were sent.");
        FuzzFailure.When(bytes.AsSpan(block.Length).IndexOfAnyExcept((byte)0) >= 0, $"{block} was written beyond its end.");
    }

    public void Abandon(in BlockAddress block, int linkId) => FuzzFailure.When(!_open.Remove(block), $"{block} is abandoned, and was not claimed.");

    public void VerifyOver() => FuzzFailure.When(_open.Count > 0, $"{_open.Count} claims never end.");
}
