namespace CcBt.Core.Wire;

/// <summary>Where a connection reads the blocks that it uploads. Any thread may call it.</summary>
internal interface IBlockSource
{
    /// <summary>Whether the piece is verified and may be served now.</summary>
    bool Has(int piece);

    /// <summary>Fills <paramref name="destination"/> with the block. False when it cannot be read; nothing is sent then.</summary>
    bool TryRead(in BlockAddress block, Span<byte> destination);
}
