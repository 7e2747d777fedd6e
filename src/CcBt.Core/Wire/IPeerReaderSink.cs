namespace CcBt.Core.Wire;

/// <summary>Takes what a <see cref="PeerReader"/> decodes, in the order of the stream, inside its calls.</summary>
internal interface IPeerReaderSink
{
    /// <summary>A message other than a piece. Its payload, if any, is the receiver's to keep.</summary>
    void OnMessage(in PeerMessage message);

    /// <summary>
    /// A piece's header came. True with exactly as much memory as the block is long, to receive the payload; false to have it
    /// skipped. In both cases <see cref="OnBlock"/> follows when the payload has come in whole.
    /// </summary>
    bool TryOpenBlock(in BlockAddress block, out Memory<byte> destination);

    /// <summary>A block's payload came in whole: into the destination when <paramref name="isUsed"/>, else it was skipped.</summary>
    void OnBlock(in BlockAddress block, bool isUsed);
}
