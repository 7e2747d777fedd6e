namespace CcBt.Core.Storage;

/// <summary>A pinned buffer on loan from the <see cref="WriteBudget"/>. Pinned, because sockets receive into it and files are written from it.</summary>
internal sealed class WriteBuffer(int capacity)
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);

    public int Capacity => _bytes.Length;

    public Memory<byte> Memory => _bytes;

    public Span<byte> Span => _bytes;
}
