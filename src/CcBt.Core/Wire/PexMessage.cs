using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Wire;

/// <summary>A message of ut_pex (BEP 11): peers that the sender connected to and that it lost since its last message.</summary>
internal sealed class PexMessage
{
    public List<PexPeer> Added { get; } = [];

    public List<PeerAddress> Dropped { get; } = [];

    /// <summary>Reads a message. False when it is no dictionary; entries above <see cref="Limits.PexEntriesRead"/> and without a port are left out.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> payload, out PexMessage message)
    {
        message = new PexMessage();
        var document = new BDocument();
        if (!document.TryParse(payload, BLimits.Wire, out _) || document.Root.Kind != BKind.Dictionary)
            return false;
        BValue root = document.Root;
        message.ReadAdded(root["added"u8].Bytes, root["added.f"u8].Bytes, CompactAddresses.V4Length);
        message.ReadAdded(root["added6"u8].Bytes, root["added6.f"u8].Bytes, CompactAddresses.V6Length);
        CompactAddresses.ReadAll(root["dropped"u8].Bytes, CompactAddresses.V4Length, message.Dropped, Limits.PexEntriesRead);
        CompactAddresses.ReadAll(root["dropped6"u8].Bytes, CompactAddresses.V6Length, message.Dropped, Limits.PexEntriesRead);
        return true;
    }

    /// <summary>Writes the first <see cref="Limits.PexEntriesWritten"/> of both lists.</summary>
    public byte[] Write()
    {
        BWriter writer = new BWriter(1024).BeginDictionary();
        WriteAdded(writer, false, "added"u8, "added.f"u8);
        WriteAdded(writer, true, "added6"u8, "added6.f"u8);
        WriteDropped(writer, false, "dropped"u8);
        WriteDropped(writer, true, "dropped6"u8);
        return writer.End().ToArray();
    }

    private void ReadAdded(ReadOnlySpan<byte> compact, ReadOnlySpan<byte> flags, int entryLength)
    {
        for (int i = 0; compact.Length >= entryLength && Added.Count < Limits.PexEntriesRead; i++)
        {
            if (CompactAddresses.TryRead(compact[..entryLength], out PeerAddress address))
                Added.Add(new PexPeer(address, i < flags.Length ? (PexFlags)flags[i] : PexFlags.None));
            compact = compact[entryLength..];
        }
    }

    private void WriteAdded(BWriter writer, bool isV6, ReadOnlySpan<byte> key, ReadOnlySpan<byte> flagsKey)
    {
        Span<byte> compact = stackalloc byte[Limits.PexEntriesWritten * CompactAddresses.V6Length];
        Span<byte> flags = stackalloc byte[Limits.PexEntriesWritten];
        int length = 0, count = 0;
        foreach (PexPeer peer in Added.Take(Limits.PexEntriesWritten))
        {
            if (peer.Address.IsV6 != isV6)
                continue;
            length += CompactAddresses.Write(peer.Address, compact[length..]);
            flags[count++] = (byte)peer.Flags;
        }
        if (count > 0 || !isV6)
            writer.Key(key).String(compact[..length]).Key(flagsKey).String(flags[..count]);
    }

    private void WriteDropped(BWriter writer, bool isV6, ReadOnlySpan<byte> key)
    {
        Span<byte> compact = stackalloc byte[Limits.PexEntriesWritten * CompactAddresses.V6Length];
        int length = 0;
        foreach (PeerAddress address in Dropped.Take(Limits.PexEntriesWritten))
        {
            if (address.IsV6 == isV6)
                length += CompactAddresses.Write(address, compact[length..]);
        }
        if (length > 0 || !isV6)
            writer.Key(key).String(compact[..length]);
    }
}
