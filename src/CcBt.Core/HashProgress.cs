namespace CcBt.Core;

/// <summary>How far hashing has come.</summary>
/// <param name="BytesDone">The bytes hashed so far; never falls.</param>
/// <param name="BytesTotal">All bytes that are to be hashed.</param>
public readonly record struct HashProgress(long BytesDone, long BytesTotal);
