using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>Writes down what a reader of peer messages decodes; takes every other block.</summary>
internal sealed class StreamLog : IPeerReaderSink
{
    private byte[] _open = [];
    private int _blocks;

    public List<string> Lines { get; } = [];

    public List<PeerMessage> Messages { get; } = [];

    public void OnMessage(in PeerMessage message)
    {
        Messages.Add(message);
        Lines.Add($"{message.Kind} {message.Block} {message.ExtendedId} {Convert.ToHexString(message.Payload.Span)}");
    }

    public bool TryOpenBlock(in BlockAddress block, out Memory<byte> destination)
    {
        FuzzFailure.When(block.Length is < 1 or > BlockAddress.Size || block.Piece < 0 || block.Begin < 0, $"{block} was opened.");
        bool takes = _blocks++ % 2 == 0;
        _open = takes ? new byte[block.Length] : [];
        destination = _open;
        return takes;
    }

    public void OnBlock(in BlockAddress block, bool isUsed)
        => Lines.Add($"block {block} {isUsed} {(isUsed ? Seed.Of(_open) : 0)}");
}
