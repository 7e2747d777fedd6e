using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>Takes all messages and every block and keeps nothing, so that the reader alone is measured.</summary>
internal sealed class SilentSink : IPeerReaderSink
{
    private readonly byte[] _block = new byte[BlockAddress.Size];

    public void OnMessage(in PeerMessage message)
    {
    }

    public bool TryOpenBlock(in BlockAddress block, out Memory<byte> destination)
    {
        destination = _block.AsMemory(0, block.Length);
        return true;
    }

    public void OnBlock(in BlockAddress block, bool isUsed)
    {
    }
}
