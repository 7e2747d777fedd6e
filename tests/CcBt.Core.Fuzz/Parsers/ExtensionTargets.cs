using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>Payloads of extended messages.</summary>
internal static class ExtensionTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ParserTarget<ExtensionHandshake>("extension-handshake", InputForm.Bencode, MakeHandshake,
            (byte[] input, out ExtensionHandshake value) => ExtensionHandshake.TryRead(input, out value), VerifyHandshake),
        new ParserTarget<MetadataMessage>("ut-metadata", InputForm.Bencode, MakeMetadata,
            (byte[] input, out MetadataMessage value) => MetadataMessage.TryRead(input, out value), VerifyMetadata),
        new ParserTarget<PexMessage>("ut-pex", InputForm.Bencode, MakePex,
            (byte[] input, out PexMessage value) => PexMessage.TryRead(input, out value), VerifyPex),
    ];

    private static byte[] MakeHandshake(Random random) => new ExtensionHandshake
    {
        MetadataId = random.Chance(80) ? (byte)random.Next(256) : null,
        PexId = random.Chance(80) ? (byte)random.Next(256) : null,
        Port = random.Chance(50) ? (ushort)random.Next(1, 65536) : null,
        Client = random.Chance(50) ? random.Word() : null,
        YourAddress = random.Chance(50) ? random.V4().WithPort(0) : null,
        V4 = random.Chance(20) ? random.V4().WithPort(0) : null,
        V6 = random.Chance(20) ? random.V6().WithPort(0) : null,
        RequestQueue = random.Chance(50) ? random.Next(1, 3000) : null,
        MetadataSize = random.Chance(50) ? random.Next(1, Limits.MetadataBytes) : null,
        IsUploadOnly = random.Chance(30) ? random.Chance(50) : null,
    }.Write();

    private static void VerifyHandshake(byte[] input, ExtensionHandshake handshake, bool isValid)
    {
        FuzzFailure.When(handshake.Client?.Any(char.IsControl) == true, "The client's name has control characters.");
        FuzzFailure.When(handshake.MetadataSize is < 1 or > Limits.MetadataBytes || handshake.RequestQueue < 1 || handshake.Port == 0, "A number is out of range.");
        bool canRead = ExtensionHandshake.TryRead(handshake.Write(), out ExtensionHandshake again);
        // A name is cut by bytes, and replaced characters take more of them.
        bool isSame = canRead && again with { Client = null } == handshake with { Client = null };
        FuzzFailure.When(!isSame || (isValid && again.Client != handshake.Client), $"{handshake} comes back as {again}.");
    }

    private static byte[] MakeMetadata(Random random)
    {
        int kind = random.Next(3), total = random.Next(1, 40_000), piece = random.Next(MetadataMessage.PieceCount(total));
        return kind == 1
            ? new MetadataMessage(MetadataMessageKind.Data, piece, total, random.Bytes(MetadataMessage.PieceLength(piece, total))).Write()
            : new MetadataMessage((MetadataMessageKind)kind, piece).Write();
    }

    private static void VerifyMetadata(byte[] input, MetadataMessage message, bool isValid)
    {
        FuzzFailure.When(message.Piece < 0 || message.Piece >= MetadataMessage.PieceCount(Limits.MetadataBytes), "The piece is out of range.");
        FuzzFailure.When(message.Data.Length > Limits.MetadataPieceBytes, "A piece is too long.");
        bool canRead = MetadataMessage.TryRead(message.Write(), out MetadataMessage again);
        bool isSame = canRead && again with { Data = default } == message with { Data = default } && again.Data.Span.SequenceEqual(message.Data.Span);
        FuzzFailure.When(!isSame, $"{message} comes back as {again}.");
    }

    private static byte[] MakePex(Random random)
    {
        var message = new PexMessage();
        for (int i = random.Next(30); i > 0; i--)
            message.Added.Add(new PexPeer(random.Chance(70) ? random.V4() : random.V6(), (PexFlags)random.Next(32)));
        for (int i = random.Next(30); i > 0; i--)
            message.Dropped.Add(random.Chance(70) ? random.V4() : random.V6());
        return message.Write();
    }

    private static void VerifyPex(byte[] input, PexMessage message, bool isValid)
    {
        FuzzFailure.When(message.Added.Count > Limits.PexEntriesRead || message.Dropped.Count > Limits.PexEntriesRead, "More peers than the limit were read.");
        FuzzFailure.When(message.Added.Any(peer => peer.Address.Port == 0), "A peer without a port was read.");
        FuzzFailure.When(!PexMessage.TryRead(message.Write(), out PexMessage again), "What was written cannot be read.");
        bool isSame = again.Added.ToHashSet().SetEquals(message.Added.Take(Limits.PexEntriesWritten))
            && again.Dropped.ToHashSet().SetEquals(message.Dropped.Take(Limits.PexEntriesWritten));
        FuzzFailure.When(!isSame, "The peers do not come back.");
    }
}
