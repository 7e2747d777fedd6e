using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>A block that came in whole; not <paramref name="IsUsed"/> when another link had it first or it was not leased any more.</summary>
internal readonly record struct ReceivedBlock(BlockAddress Block, bool IsUsed);
