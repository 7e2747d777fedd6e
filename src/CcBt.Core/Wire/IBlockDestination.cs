namespace CcBt.Core.Wire;

/// <summary>
/// Where the payload of leased blocks goes. Any thread may call it. Of several connections that hold a lease on
/// the same block (end game) exactly one gets the claim; a claim ends with <see cref="Complete"/> or <see cref="Abandon"/>.
/// </summary>
internal interface IBlockDestination
{
    /// <summary>Claims a block for writing. False when it is received already or being received by another connection.</summary>
    bool TryClaim(in BlockAddress block, int linkId, out Memory<byte> memory);

    /// <summary>The whole block lies in the claimed memory. The last block of a piece is hashed and written inside this call.</summary>
    void Complete(in BlockAddress block, int linkId);

    /// <summary>The connection ended before the block was whole; it is free to be claimed again.</summary>
    void Abandon(in BlockAddress block, int linkId);
}
