using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;
using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>DHT packets and the saved routing table.</summary>
internal static class DhtTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ParserTarget<KrpcReader>("krpc-query", InputForm.Bencode, KrpcMaker.Query, TryRead, (input, packet, isValid) => Verify(packet, isValid, KrpcKind.Query)),
        new ParserTarget<KrpcReader>("krpc-answer", InputForm.Bencode, KrpcMaker.Answer, TryRead, (input, packet, isValid) => Verify(packet, isValid, KrpcKind.Response)),
        new ParserTarget<KrpcReader>("krpc-error", InputForm.Bencode, KrpcMaker.Error, TryRead, (input, packet, isValid) => Verify(packet, isValid, KrpcKind.Error)),
        Snapshot("dht-snapshot-v4", false),
        Snapshot("dht-snapshot-v6", true),
    ];

    private static bool TryRead(byte[] input, out KrpcReader packet) => (packet = new KrpcReader()).TryRead(input);

    private static void Verify(KrpcReader packet, bool isValid, KrpcKind kind)
    {
        FuzzFailure.When(packet.Kind == KrpcKind.None || (isValid && packet.Kind != kind), $"It was read as {packet.Kind}.");
        FuzzFailure.When(packet.Transaction.Length is 0 or > Limits.DhtTransactionBytes, "The transaction is empty or too long.");
        bool hasId = packet.TryGetId("id"u8, out NodeId id);
        FuzzFailure.When(hasId && !packet.Body["id"u8].Bytes.SequenceEqual(id.ToArray()), "The id is not the one that came.");
        FuzzFailure.When(isValid && kind != KrpcKind.Error && !hasId, "The id was not read.");
        FuzzFailure.When(packet.Kind == KrpcKind.Error && packet.Body.Exists, "An error has a body.");
        _ = (packet.IsReadOnly, packet.Method.Length, packet.OwnAddress.Length);
    }

    private static ParserTarget<DhtSnapshot> Snapshot(string name, bool isV6) => new(
        name,
        InputForm.Bencode,
        random =>
        {
            var nodes = new NodeContact[random.Next(40)];
            for (int i = 0; i < nodes.Length; i++)
                nodes[i] = new NodeContact(NodeId.Random(random), isV6 ? random.V6() : random.V4());
            return DhtSnapshotCodec.Encode(new DhtSnapshot(NodeId.Random(random), isV6, nodes));
        },
        (byte[] input, out DhtSnapshot snapshot) => Decode(input, isV6, out snapshot),
        (input, snapshot, _) => VerifySnapshot(snapshot));

    private static bool Decode(byte[] input, bool isV6, out DhtSnapshot snapshot)
    {
        var document = new BDocument();
        snapshot = (document.TryParse(input, BLimits.File, out _) ? DhtSnapshotCodec.Decode(document.Root, isV6) : null)!;
        return snapshot is not null;
    }

    private static void VerifySnapshot(DhtSnapshot snapshot)
    {
        FuzzFailure.When(snapshot.Nodes.Count > Limits.DhtSavedNodes, "More nodes than the limit were read.");
        FuzzFailure.When(snapshot.Nodes.Any(node => node.Address.IsV6 != snapshot.IsV6 || node.Address.Port == 0), "A node of another family, or without a port, was read.");
        FuzzFailure.When(!Decode(DhtSnapshotCodec.Encode(snapshot), snapshot.IsV6, out DhtSnapshot again), "What was written cannot be read.");
        FuzzFailure.When(again.Id != snapshot.Id || !again.Nodes.SequenceEqual(snapshot.Nodes), "The snapshot does not come back.");
    }
}
