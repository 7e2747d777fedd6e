using System.Buffers.Binary;
using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>
/// The peers announced to us for one torrent, oldest first, packed so that a full store stays small:
/// <code>
/// | compact address 6 or 18 | second of the announce 4 |
/// </code>
/// </summary>
internal sealed class StoredSwarm(bool isV6)
{
    private const int StampLength = 4;

    private readonly int _compactLength = isV6 ? CompactAddresses.V6Length : CompactAddresses.V4Length;
    private byte[] _entries = [];

    public int Count { get; private set; }

    /// <summary>What it holds of the memory.</summary>
    public int Bytes => _entries.Length;

    private int EntryLength => _compactLength + StampLength;

    /// <summary>The compact address at a position.</summary>
    public ReadOnlySpan<byte> Compact(int index) => _entries.AsSpan(index * EntryLength, _compactLength);

    /// <summary>Adds a peer or renews it. At <paramref name="most"/> peers, or too many ports of a global address, the oldest gives way.</summary>
    public void Add(PeerAddress peer, int second, int most)
    {
        Span<byte> compact = stackalloc byte[CompactAddresses.V6Length];
        compact = compact[..CompactAddresses.Write(peer, compact)];
        int portsLeft = peer.Classify() == AddressClass.Global ? Limits.DhtStoredPortsPerAddress : int.MaxValue;
        // From the newest to the oldest, so that the oldest ports of an address go.
        for (int i = Count - 1; i >= 0; i--)
        {
            ReadOnlySpan<byte> other = Compact(i);
            bool sameAddress = other[..^2].SequenceEqual(compact[..^2]);
            if (other.SequenceEqual(compact) || (sameAddress && --portsLeft == 0))
            {
                RemoveAt(i);
                break;
            }
        }
        if (Count >= most)
            RemoveAt(0);
        if ((Count + 1) * EntryLength > _entries.Length)
            Array.Resize(ref _entries, Math.Min(Math.Max(Count * 2, 2), most) * EntryLength);
        Span<byte> entry = _entries.AsSpan(Count * EntryLength, EntryLength);
        compact.CopyTo(entry);
        BinaryPrimitives.WriteInt32LittleEndian(entry[_compactLength..], second);
        Count++;
    }

    /// <summary>Forgets the peers announced before <paramref name="second"/>.</summary>
    public void Expire(int second)
    {
        int old = 0;
        while (old < Count && BinaryPrimitives.ReadInt32LittleEndian(_entries.AsSpan(old * EntryLength + _compactLength)) < second)
            old++;
        if (old == 0)
            return;
        _entries.AsSpan(old * EntryLength, (Count - old) * EntryLength).CopyTo(_entries);
        Count -= old;
        if (Count * 4 * EntryLength < _entries.Length)
            Array.Resize(ref _entries, Count * 2 * EntryLength);
    }

    private void RemoveAt(int index)
    {
        _entries.AsSpan((index + 1) * EntryLength, (Count - index - 1) * EntryLength).CopyTo(_entries.AsSpan(index * EntryLength));
        Count--;
    }
}
