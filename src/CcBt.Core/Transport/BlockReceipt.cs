using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>A block whose payload came in whole. Not <paramref name="IsUsed"/>: somebody else had it first, or it was not leased.</summary>
internal readonly record struct BlockReceipt(BlockAddress Block, bool IsUsed);
