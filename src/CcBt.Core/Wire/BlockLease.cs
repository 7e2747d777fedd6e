namespace CcBt.Core.Wire;

/// <summary>The owner's leave to request one block from one peer and to put its payload into <paramref name="Destination"/>.</summary>
internal readonly record struct BlockLease(BlockAddress Block, IBlockDestination Destination);
