namespace CcBt.Core.Floods.Peers;

/// <summary>A peer that behaves, beside the flood.</summary>
internal interface IGoodPeer : IAsyncDisposable
{
    /// <summary>Payload that passed so far.</summary>
    long PayloadBytes { get; }

    /// <summary>Blocks whose bytes were not those of the payload; a peer that only gives has none.</summary>
    int WrongBlocks { get; }
}
