using System.Buffers.Binary;
using System.Text;
using CcBt.Core.Addressing;

namespace CcBt.Core.Trackers;

/// <summary>
/// The datagrams of BEP 15, in network order, with the URL data option of BEP 41:
/// <code>
/// connect:  | 0x41727101980 8 | 0 4 | transaction 4 |           answer: | 0 4 | transaction 4 | connection 8 |
/// announce: | connection 8 | 1 4 | transaction 4 | hash 20 | peer id 20 | downloaded 8 | left 8 | uploaded 8
///           | event 4 | address 4 | key 4 | wanted 4 | port 2 | options |
///                          answer: | 1 4 | transaction 4 | interval 4 | leeches 4 | seeds 4 | (address 4 or 16, port 2)* |
/// scrape:   | connection 8 | 2 4 | transaction 4 | hash 20 * |  answer: | 2 4 | transaction 4 | (seeds 4, completed 4, leeches 4)* |
/// error answer: | 3 4 | transaction 4 | text |
/// </code>
/// </summary>
internal static class UdpTrackerPackets
{
    public const int ActionConnect = 0;
    public const int ActionAnnounce = 1;
    public const int ActionScrape = 2;
    public const int ActionError = 3;

    /// <summary>Action and transaction, which every answer begins with.</summary>
    public const int AnswerHeaderLength = 8;

    private const ulong ProtocolId = 0x41727101980;
    private const int AnnounceLength = 98;
    private const int AnnounceAnswerLength = 20;
    private const byte UrlDataOption = 2;

    public static byte[] Connect(uint transaction)
    {
        var packet = new byte[16];
        WriteHeader(packet, ProtocolId, ActionConnect, transaction);
        return packet;
    }

    /// <summary>An announce; <paramref name="urlData"/> is the URL's path and query, sent in pieces of up to 255 bytes.</summary>
    public static byte[] Announce(ulong connection, uint transaction, AnnounceRequest request, string urlData, bool isV6)
    {
        byte[] url = Encoding.ASCII.GetBytes(urlData);
        int options = url.Length == 0 ? 0 : url.Length + 2 * ((url.Length + 254) / 255);
        var packet = new byte[AnnounceLength + options];
        WriteHeader(packet, connection, ActionAnnounce, transaction);
        request.InfoHash.CopyTo(packet.AsSpan(16));
        request.PeerId.Span.CopyTo(packet.AsSpan(36, 20));
        BinaryPrimitives.WriteInt64BigEndian(packet.AsSpan(56), Math.Max(0, request.DownloadedBytes));
        BinaryPrimitives.WriteInt64BigEndian(packet.AsSpan(64), Math.Max(0, request.LeftBytes));
        BinaryPrimitives.WriteInt64BigEndian(packet.AsSpan(72), Math.Max(0, request.UploadedBytes));
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(80), request.Event == AnnounceEvent.Paused ? 0 : (int)request.Event);
        // The field has 4 bytes whatever the family, so it stays zero over IPv6.
        if (!isV6 && request.IPv4 is { IsV6: false } address)
            address.WriteAddress(packet.AsSpan(84));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(88), request.Key);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(92), request.WantedPeers ?? -1);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(96), request.Port);
        WriteUrlData(packet.AsSpan(AnnounceLength), url);
        return packet;
    }

    public static byte[] Scrape(ulong connection, uint transaction, ReadOnlySpan<InfoHash> hashes)
    {
        var packet = new byte[16 + InfoHash.Length * hashes.Length];
        WriteHeader(packet, connection, ActionScrape, transaction);
        for (int i = 0; i < hashes.Length; i++)
            hashes[i].CopyTo(packet.AsSpan(16 + InfoHash.Length * i));
        return packet;
    }

    public static bool TryReadHeader(ReadOnlySpan<byte> answer, out int action, out uint transaction)
    {
        action = -1;
        transaction = 0;
        if (answer.Length < AnswerHeaderLength)
            return false;
        action = BinaryPrimitives.ReadInt32BigEndian(answer);
        transaction = BinaryPrimitives.ReadUInt32BigEndian(answer[4..]);
        return true;
    }

    public static bool TryReadConnection(ReadOnlySpan<byte> answer, out ulong connection)
        => BinaryPrimitives.TryReadUInt64BigEndian(answer.Length >= 16 ? answer[8..] : default, out connection);

    public static bool TryReadAnnounce(ReadOnlySpan<byte> answer, bool isV6, out AnnounceReply reply)
    {
        reply = new AnnounceReply();
        if (answer.Length < AnnounceAnswerLength)
            return false;
        var peers = new List<PeerAddress>();
        PeerLists.AddCompact(answer[AnnounceAnswerLength..], isV6 ? CompactAddresses.V6Length : CompactAddresses.V4Length, peers);
        int interval = BinaryPrimitives.ReadInt32BigEndian(answer[8..]);
        reply = new AnnounceReply
        {
            Interval = interval > 0 ? TimeSpan.FromSeconds(Math.Min(interval, Limits.AnnounceIntervalMostSeconds)) : null,
            Leeches = Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(answer[12..])),
            Seeds = Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(answer[16..])),
            Peers = peers,
        };
        return true;
    }

    /// <summary>The counts come in the order of the hashes that were asked for; a short answer leaves the last ones out.</summary>
    public static ScrapeReply ReadScrape(ReadOnlySpan<byte> answer, ReadOnlySpan<InfoHash> hashes)
    {
        var entries = new List<ScrapeEntry>();
        ReadOnlySpan<byte> rest = answer[AnswerHeaderLength..];
        for (int i = 0; i < hashes.Length && rest.Length >= 12; i++, rest = rest[12..])
        {
            entries.Add(new ScrapeEntry(hashes[i], Count(rest), Count(rest[4..]), Count(rest[8..]), null));
        }
        return new ScrapeReply(entries, null);
    }

    public static string ReadError(ReadOnlySpan<byte> answer) => TrackerText.Clean(answer[AnswerHeaderLength..].TrimEnd((byte)0));

    private static int Count(ReadOnlySpan<byte> bytes) => Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(bytes));

    private static void WriteHeader(Span<byte> packet, ulong connection, int action, uint transaction)
    {
        BinaryPrimitives.WriteUInt64BigEndian(packet, connection);
        BinaryPrimitives.WriteInt32BigEndian(packet[8..], action);
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], transaction);
    }

    private static void WriteUrlData(Span<byte> options, ReadOnlySpan<byte> url)
    {
        while (!url.IsEmpty)
        {
            int length = Math.Min(255, url.Length);
            options[0] = UrlDataOption;
            options[1] = (byte)length;
            url[..length].CopyTo(options[2..]);
            url = url[length..];
            options = options[(2 + length)..];
        }
    }
}
