using System.Globalization;
using System.Net;
using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Trackers;

/// <summary>Reads the answer to an HTTP announce (BEP 3, 7, 23, 24, 31). Peers given by host name are left out: looking them up would let a tracker aim our resolver.</summary>
internal static class HttpAnnounceReply
{
    public static bool TryParse(ReadOnlyMemory<byte> body, out AnnounceReply reply, out string? error)
    {
        reply = new AnnounceReply();
        var document = new BDocument();
        if (!document.TryParse(body, BLimits.Tracker with { AllowTrailingData = true }, out BError problem))
        {
            error = $"The answer is no bencode: {problem}.";
            return false;
        }
        BValue root = document.Root;
        if (root["failure reason"u8].TryGetBytes(out ReadOnlySpan<byte> reason))
        {
            reply = ReadFailure(root, reason);
            error = null;
            return true;
        }
        if (root.Kind != BKind.Dictionary || !(root["interval"u8].Exists || root["peers"u8].Exists || root["peers6"u8].Exists))
        {
            error = "The answer is bencode, but none that a tracker gives.";
            return false;
        }
        reply = ReadSuccess(root);
        error = null;
        return true;
    }

    private static AnnounceReply ReadFailure(BValue root, ReadOnlySpan<byte> reason)
    {
        BValue retry = root["retry in"u8];
        // BEP 31 shows the minutes as a string; trackers send an integer as well.
        long? minutes = retry.AsInteger();
        if (minutes is null && long.TryParse(retry.Bytes, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed))
            minutes = parsed;
        return new AnnounceReply
        {
            FailureReason = TrackerText.Clean(reason),
            NeverRetry = retry.Bytes.SequenceEqual("never"u8),
            RetryIn = minutes > 0 ? Seconds(Math.Min(minutes.Value, 1L << 40) * 60) : null,
            Warning = Text(root["warning message"u8]),
        };
    }

    private static AnnounceReply ReadSuccess(BValue root)
    {
        var peers = new List<PeerAddress>();
        BValue list = root["peers"u8];
        if (list.Kind == BKind.String)
            PeerLists.AddCompact(list.Bytes, CompactAddresses.V4Length, peers);
        else
            AddDictionaries(list, peers);
        PeerLists.AddCompact(root["peers6"u8].Bytes, CompactAddresses.V6Length, peers);
        return new AnnounceReply
        {
            Warning = Text(root["warning message"u8]),
            Interval = Seconds(root["interval"u8].AsInteger()),
            MinInterval = Seconds(root["min interval"u8].AsInteger()),
            Seeds = Count(root["complete"u8]),
            Leeches = Count(root["incomplete"u8]),
            TrackerId = Bytes(root["tracker id"u8]),
            ExternalAddress = External(root["external ip"u8].Bytes),
            Peers = peers,
        };
    }

    private static void AddDictionaries(BValue list, List<PeerAddress> peers)
    {
        if (list.Kind != BKind.List)
            return;
        foreach (BEntry entry in list.Children)
        {
            if (entry.Value["port"u8].AsInteger() is long port and > 0 and <= ushort.MaxValue
                && entry.Value["ip"u8].TryGetBytes(out ReadOnlySpan<byte> text) && TryReadAddress(text, out PeerAddress address)
                && !PeerLists.TryAdd(address.WithPort((ushort)port), peers))
                return;
        }
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> text, out PeerAddress address)
    {
        address = default;
        Span<char> characters = stackalloc char[46];
        // IPAddress reads "1" as 0.0.0.1; only the dotted and the colon form are meant here.
        if (text.Length > characters.Length || (text.IndexOf((byte)':') < 0 && text.Count((byte)'.') != 3) || text.IndexOf((byte)'%') >= 0)
            return false;
        for (int i = 0; i < text.Length; i++)
            characters[i] = (char)text[i];
        if (!IPAddress.TryParse(characters[..text.Length], out IPAddress? parsed))
            return false;
        address = PeerAddress.From(new IPEndPoint(parsed, 0));
        return true;
    }

    private static PeerAddress? External(ReadOnlySpan<byte> bytes)
        => bytes.Length is 4 or 16 && PeerAddress.FromBytes(bytes, 0) is var address && address.Classify() != AddressClass.Unusable ? address : null;

    private static string? Text(BValue value) => value.TryGetBytes(out ReadOnlySpan<byte> bytes) ? TrackerText.Clean(bytes) : null;

    private static byte[] Bytes(BValue value) => value.Bytes.Length <= Limits.TrackerIdBytes ? value.Bytes.ToArray() : [];

    private static int? Count(BValue value) => value.AsInteger() is long count and >= 0 ? (int)Math.Min(count, int.MaxValue) : null;

    /// <summary>Years in a tracker's answer must not overflow a later sum.</summary>
    private static TimeSpan? Seconds(long? seconds)
        => seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds.Value, Limits.AnnounceIntervalMostSeconds)) : null;
}
