namespace CcBt.Core.Wire;

/// <summary>A block that came in whole; not <paramref name="IsUsed"/> when another link had it first or it was not leased any more.</summary>
internal readonly record struct BlockReceipt(BlockAddress Block, bool IsUsed);
