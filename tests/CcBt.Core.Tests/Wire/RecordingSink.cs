using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

/// <summary>Writes down all that a reader decodes; opens the blocks that a test wants.</summary>
internal sealed class RecordingSink(Func<BlockAddress, bool>? opens = null) : IPeerReaderSink
{
    private byte[] _open = [];

    public List<string> Log { get; } = [];

    public List<PeerMessage> Messages { get; } = [];

    public void OnMessage(in PeerMessage message)
    {
        Messages.Add(message);
        Log.Add($"{message.Kind} {message.Block} {message.ExtendedId} {Convert.ToHexString(message.Payload.Span)}");
    }

    public bool TryOpenBlock(in BlockAddress block, out Memory<byte> destination)
    {
        Log.Add($"open {block}");
        _open = new byte[block.Length];
        destination = _open;
        return opens is null || opens(block);
    }

    public void OnBlock(in BlockAddress block, bool isUsed)
        => Log.Add($"block {block} {isUsed} {(isUsed ? Convert.ToHexString(System.Security.Cryptography.SHA1.HashData(_open)) : "")}");
}
