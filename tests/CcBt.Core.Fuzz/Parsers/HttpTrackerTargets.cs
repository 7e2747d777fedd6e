using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Trackers;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>Answers of HTTP trackers.</summary>
internal static class HttpTrackerTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ParserTarget<AnnounceReply>("http-announce-reply", InputForm.Bencode, MakeReply,
            (byte[] input, out AnnounceReply reply) => HttpAnnounceReply.TryParse(input, out reply, out _), (_, reply, _) => VerifyReply(reply)),
        new ParserTarget<AnnounceReply>("http-announce-failure", InputForm.Bencode, MakeFailure,
            (byte[] input, out AnnounceReply reply) => HttpAnnounceReply.TryParse(input, out reply, out _), VerifyFailure),
        new ParserTarget<ScrapeReply>("http-scrape-reply", InputForm.Bencode, MakeScrape,
            (byte[] input, out ScrapeReply reply) => HttpScrape.TryParse(input, out reply!), VerifyScrape),
    ];

    public static void VerifyReply(AnnounceReply reply)
    {
        FuzzFailure.When(reply.Peers.Count > Limits.TrackerPeersPerAnswer, "More peers than the limit were read.");
        FuzzFailure.When(reply.Peers.Any(peer => peer.Port == 0 || peer.Classify() == AddressClass.Unusable), "A peer that can be none was read.");
        FuzzFailure.When(IsTooLong(reply.FailureReason) || IsTooLong(reply.Warning), "A text is too long, or has control characters.");
        FuzzFailure.When(reply.TrackerId.Length > Limits.TrackerIdBytes, "The tracker id is too long.");
        FuzzFailure.When(reply.Seeds < 0 || reply.Leeches < 0, "A count is negative.");
        foreach (TimeSpan? time in new[] { reply.Interval, reply.MinInterval, reply.RetryIn })
            FuzzFailure.When(time <= TimeSpan.Zero || time > TimeSpan.FromSeconds(Limits.AnnounceIntervalMostSeconds), $"{time} is no interval.");
    }

    private static bool IsTooLong(string? text) => text is not null && (text.Length > Limits.TrackerTextLength || text.Any(char.IsControl));

    private static byte[] MakeReply(Random random)
    {
        var reply = new BWriter().BeginDictionary();
        if (random.Chance(60))
            reply.Key("complete"u8).Integer(random.Next(1000));
        if (random.Chance(20))
            reply.Key("external ip"u8).String(random.Bytes(random.Chance(70) ? 4 : 16));
        if (random.Chance(60))
            reply.Key("incomplete"u8).Integer(random.Next(1000));
        reply.Key("interval"u8).Integer(random.Next(4000));
        if (random.Chance(40))
            reply.Key("min interval"u8).Integer(random.Next(4000));
        reply.Key("peers"u8);
        if (random.Chance(60))
            reply.String(random.Bytes(6 * random.Next(60)));
        else
            Dictionaries(reply, random);
        if (random.Chance(40))
            reply.Key("peers6"u8).String(random.Bytes(18 * random.Next(20)));
        if (random.Chance(20))
            reply.Key("tracker id"u8).Text(random.Word());
        if (random.Chance(20))
            reply.Key("warning message"u8).Text(random.Name());
        return reply.End().ToArray();
    }

    private static void Dictionaries(BWriter reply, Random random)
    {
        reply.BeginList();
        for (int i = random.Next(10); i > 0; i--)
        {
            PeerAddress peer = random.Chance(70) ? random.V4() : random.V6();
            reply.BeginDictionary().Key("ip"u8).Text(peer.ToIPAddress().ToString()).Key("peer id"u8).String(random.Bytes(20)).Key("port"u8).Integer(peer.Port).End();
        }
        reply.End();
    }

    private static byte[] MakeFailure(Random random)
    {
        var reply = new BWriter().BeginDictionary().Key("failure reason"u8).Text(random.Name());
        if (random.Chance(30))
            reply.Key("retry in"u8).Text(random.Chance(50) ? "never" : $"{random.Next(1000)}");
        else if (random.Chance(30))
            reply.Key("retry in"u8).Integer(random.Edge());
        return reply.End().ToArray();
    }

    private static void VerifyFailure(byte[] input, AnnounceReply reply, bool isValid)
    {
        VerifyReply(reply);
        FuzzFailure.When(isValid && reply.FailureReason is null, "The failure was not seen.");
        FuzzFailure.When(reply.FailureReason is not null && reply.Peers.Count > 0, "A failure brings peers.");
    }

    private static byte[] MakeScrape(Random random)
    {
        var reply = new BWriter().BeginDictionary().Key("files"u8).BeginDictionary();
        byte[] hash = random.Bytes(20);
        for (int i = random.Next(8); i > 0; i--, hash[0]++)
        {
            if (hash[0] == 255)
                break;
            reply.Key(hash).BeginDictionary().Key("complete"u8).Integer(random.Next(100)).Key("downloaded"u8).Integer(random.Next(100)).Key("incomplete"u8).Integer(random.Next(100)).End();
        }
        return reply.End().End().ToArray();
    }

    private static void VerifyScrape(byte[] input, ScrapeReply reply, bool isValid)
    {
        FuzzFailure.When(reply.Entries.Count > Limits.ScrapeHashes, "More swarms than the limit were read.");
        FuzzFailure.When(reply.Entries.Any(entry => entry.Seeds < 0 || entry.Leeches < 0 || entry.Completed < 0 || entry.Downloaders < 0), "A count is negative.");
        FuzzFailure.When(IsTooLong(reply.FailureReason), "The reason is too long, or has control characters.");
    }
}
