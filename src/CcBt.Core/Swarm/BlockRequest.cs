namespace CcBt.Core.Swarm;

/// <summary>A request that is open at a supplier, made in the given attempt at the piece.</summary>
internal readonly record struct BlockRequest(int Piece, int Block, int Attempt, TimeSpan SentAt);
