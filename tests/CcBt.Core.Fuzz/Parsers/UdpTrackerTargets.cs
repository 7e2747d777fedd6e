using System.Buffers.Binary;
using System.Text;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Trackers;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>Datagrams of UDP trackers, and those of local discovery.</summary>
internal static class UdpTrackerTargets
{
    private const int HashesAsked = 10;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ParserTarget<ulong>("udp-connect", InputForm.Binary, random => Packet(random, UdpTrackerPackets.ActionConnect, 8), Connection, VerifyConnection),
        new ParserTarget<AnnounceReply>("udp-announce-v4", InputForm.Binary, random => Packet(random, UdpTrackerPackets.ActionAnnounce, 12 + 6 * random.Next(40)),
            (byte[] input, out AnnounceReply reply) => UdpTrackerPackets.TryReadAnnounce(input, false, out reply), (input, reply, _) => VerifyAnnounce(input, reply, false)),
        new ParserTarget<AnnounceReply>("udp-announce-v6", InputForm.Binary, random => Packet(random, UdpTrackerPackets.ActionAnnounce, 12 + 18 * random.Next(20)),
            (byte[] input, out AnnounceReply reply) => UdpTrackerPackets.TryReadAnnounce(input, true, out reply), (input, reply, _) => VerifyAnnounce(input, reply, true)),
        new ParserTarget<ScrapeReply>("udp-scrape", InputForm.Binary, random => Packet(random, UdpTrackerPackets.ActionScrape, 12 * HashesAsked), Scrape, VerifyScrape),
        new ParserTarget<string>("udp-error", InputForm.Binary, random => [.. Packet(random, UdpTrackerPackets.ActionError, 0), .. Encoding.UTF8.GetBytes(random.Name())], Error, VerifyError),
        new ParserTarget<LocalDiscoveryMessage>("local-discovery", InputForm.Text, MakeLocal,
            (byte[] input, out LocalDiscoveryMessage message) => LocalDiscoveryMessage.TryParse(input, out message), VerifyLocal),
    ];

    private static byte[] Packet(Random random, int action, int body)
    {
        byte[] packet = random.Bytes(UdpTrackerPackets.AnswerHeaderLength + body);
        BinaryPrimitives.WriteInt32BigEndian(packet, action);
        return packet;
    }

    private static bool Connection(byte[] input, out ulong connection)
    {
        connection = 0;
        return UdpTrackerPackets.TryReadHeader(input, out _, out _) && UdpTrackerPackets.TryReadConnection(input, out connection);
    }

    private static void VerifyConnection(byte[] input, ulong connection, bool isValid)
    {
        UdpTrackerPackets.TryReadHeader(input, out _, out uint transaction);
        byte[] scrape = UdpTrackerPackets.Scrape(connection, transaction, []);
        FuzzFailure.When(!scrape.AsSpan(0, 8).SequenceEqual(input.AsSpan(8, 8)) || !scrape.AsSpan(12, 4).SequenceEqual(input.AsSpan(4, 4)), "The connection is not the one that came.");
    }

    private static void VerifyAnnounce(byte[] input, AnnounceReply reply, bool isV6)
    {
        HttpTrackerTargets.VerifyReply(reply);
        FuzzFailure.When(reply.Peers.Count > (input.Length - 20) / (isV6 ? 18 : 6), "There are more peers than entries.");
    }

    private static bool Scrape(byte[] input, out ScrapeReply reply)
    {
        reply = null!;
        if (!UdpTrackerPackets.TryReadHeader(input, out _, out _))
            return false;
        reply = UdpTrackerPackets.ReadScrape(input, new InfoHash[HashesAsked]);
        return true;
    }

    private static void VerifyScrape(byte[] input, ScrapeReply reply, bool isValid)
    {
        FuzzFailure.When(reply.Entries.Count != Math.Min(HashesAsked, (input.Length - 8) / 12), "There are more swarms than entries, or fewer.");
        FuzzFailure.When(reply.Entries.Any(entry => entry.Seeds < 0 || entry.Leeches < 0 || entry.Completed < 0), "A count is negative.");
    }

    private static bool Error(byte[] input, out string reason)
    {
        reason = "";
        if (!UdpTrackerPackets.TryReadHeader(input, out _, out _))
            return false;
        reason = UdpTrackerPackets.ReadError(input);
        return true;
    }

    private static void VerifyError(byte[] input, string reason, bool isValid)
        => FuzzFailure.When(reason.Length > Limits.TrackerTextLength || reason.Any(char.IsControl), "The reason is too long, or has control characters.");

    private static byte[] MakeLocal(Random random)
    {
        var hashes = new InfoHash[random.Next(1, 5)];
        for (int i = 0; i < hashes.Length; i++)
            hashes[i] = random.Hash();
        return LocalDiscoveryMessage.Build(hashes, (ushort)random.Next(1, 65536), random.Word(), random.Chance(50));
    }

    private static void VerifyLocal(byte[] input, LocalDiscoveryMessage message, bool isValid)
    {
        FuzzFailure.When(message.Port == 0 || message.Hashes.Count == 0, "A message that says nothing was read.");
        if (message.Hashes.Count > LocalDiscoveryMessage.HashesPerDatagram)
            return;
        byte[] written = LocalDiscoveryMessage.Build([.. message.Hashes], message.Port, message.Cookie ?? "", false);
        FuzzFailure.When(written.Length > Limits.LocalDiscoveryBytes, "A datagram is too long.");
        bool isSame = LocalDiscoveryMessage.TryParse(written, out LocalDiscoveryMessage again)
            && again.Port == message.Port && again.Hashes.SequenceEqual(message.Hashes) && again.Cookie == (message.Cookie ?? "");
        FuzzFailure.When(!isSame, $"{message} comes back as {again}.");
    }
}
