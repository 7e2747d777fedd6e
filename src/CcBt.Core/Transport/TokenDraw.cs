namespace CcBt.Core.Transport;

/// <summary>Bytes drawn from a <see cref="TokenBucket"/>: under which of its rates, and how far along.</summary>
internal readonly record struct TokenDraw(int Era, double Position, int Bytes);
