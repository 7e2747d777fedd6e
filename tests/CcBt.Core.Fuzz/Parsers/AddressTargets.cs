using CcBt.Core.Addressing;
using CcBt.Core.Dht;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>Compact addresses and nodes, and the arithmetic over addresses.</summary>
internal static class AddressTargets
{
    private const int NodeIdInput = 16 + 2 + 1;
    private const int FastSetInput = 4 + 20 + 4 + 1;
    private const int PriorityInput = 36;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Peers("compact-peers-v4", CompactAddresses.V4Length),
        Peers("compact-peers-v6", CompactAddresses.V6Length),
        Nodes("compact-nodes-v4", false),
        Nodes("compact-nodes-v6", true),
        new ParserTarget<NodeId>("node-id-bep42", InputForm.Binary, random => random.Bytes(NodeIdInput), CreateId, VerifyId),
        new ParserTarget<int[]>("allowed-fast-set", InputForm.Binary, random => random.Bytes(FastSetInput), FastSet, VerifyFastSet),
        new ParserTarget<uint>("peer-priority", InputForm.Binary, random => random.Bytes(PriorityInput), Priority, VerifyPriority),
    ];

    private static ParserTarget<List<PeerAddress>> Peers(string name, int entryLength) => new(
        name,
        InputForm.Binary,
        random => random.Bytes(random.Next(40) * entryLength),
        (byte[] input, out List<PeerAddress> peers) =>
        {
            CompactAddresses.ReadAll(input, entryLength, peers = [], int.MaxValue);
            return true;
        },
        (input, peers, _) => VerifyPeers(input, peers, entryLength));

    private static void VerifyPeers(byte[] input, List<PeerAddress> peers, int entryLength)
    {
        int next = 0;
        byte[] compact = new byte[CompactAddresses.V6Length];
        for (int at = 0; at + entryLength <= input.Length; at += entryLength)
        {
            ReadOnlySpan<byte> entry = input.AsSpan(at, entryLength);
            if (entry[^2] == 0 && entry[^1] == 0)
                continue;
            PeerAddress peer = peers[next++];
            int length = CompactAddresses.Write(peer, compact);
            bool isMapped = entryLength == CompactAddresses.V6Length && !peer.IsV6;
            FuzzFailure.When(!(isMapped ? entry[12..] : entry).SequenceEqual(compact.AsSpan(0, length)), $"{peer} is written otherwise than read.");
            FuzzFailure.When(!PeerAddress.TryParse(peer.ToString(), out PeerAddress again) || again != peer, $"{peer} cannot be read as text.");
            _ = (peer.Classify(), peer.Network());
        }
        FuzzFailure.When(next != peers.Count, "There are more peers than entries.");
    }

    private static ParserTarget<List<NodeContact>> Nodes(string name, bool isV6) => new(
        name,
        InputForm.Binary,
        random => random.Bytes(random.Next(20) * CompactNodes.EntryLength(isV6)),
        (byte[] input, out List<NodeContact> nodes) =>
        {
            CompactNodes.Read(input, isV6, AddressClass.Global, nodes = [], Limits.DhtNodesPerAnswer);
            return true;
        },
        (input, nodes, _) => VerifyNodes(input, nodes, isV6));

    private static void VerifyNodes(byte[] input, List<NodeContact> nodes, bool isV6)
    {
        int length = CompactNodes.EntryLength(isV6);
        FuzzFailure.When(nodes.Count > Math.Min(Limits.DhtNodesPerAnswer, input.Length / length), "There are more nodes than entries.");
        byte[] compact = new byte[length];
        foreach (NodeContact node in nodes)
        {
            FuzzFailure.When(node.Address.Classify() != AddressClass.Global || node.Address.IsV6 != isV6, $"A stranger may not name {node.Address}.");
            FuzzFailure.When(CompactNodes.Write(node, compact) != length || input.AsSpan().IndexOf(compact) < 0, $"{node} is not what was read.");
        }
    }

    private static PeerAddress Address(ReadOnlySpan<byte> bytes) => PeerAddress.FromBytes(bytes[0] < 128 ? bytes[..4] : bytes, 6881);

    private static bool CreateId(byte[] input, out NodeId id)
    {
        id = default;
        if (input.Length < NodeIdInput)
            return false;
        id = NodeIdentity.Create(Address(input.AsSpan(0, 16)), new Random(Seed.Of(input)));
        return true;
    }

    private static void VerifyId(byte[] input, NodeId id, bool isValid)
    {
        PeerAddress address = Address(input.AsSpan(0, 16));
        FuzzFailure.When(!NodeIdentity.Matches(id, address) || !NodeIdentity.IsCompliant(id, address), $"{id} does not fit {address}.");
        byte[] bytes = id.ToArray();
        // The first 21 bits are bound; any other one in them must not fit.
        bytes[input[18] % 2] ^= (byte)(1 << input[17] % 8);
        FuzzFailure.When(NodeIdentity.Matches(new NodeId(bytes), address), $"{id} fits {address} with a wrong bit.");
        NodeId other = new(bytes);
        FuzzFailure.When((id ^ other).LeadingZeros != Enumerable.Range(0, 160).First(i => id.Bit(i) != other.Bit(i)), "The distance is wrong.");
    }

    private static bool FastSet(byte[] input, out int[] pieces)
    {
        pieces = [];
        if (input.Length < FastSetInput)
            return false;
        var into = new int[input[28] % (Limits.AllowedFastPieces + 1)];
        int count = AllowedFastSet.Compute(PeerAddress.FromBytes(input.AsSpan(0, 4), 1), new InfoHash(input.AsSpan(4, 20)), PieceCount(input), into);
        pieces = into[..count];
        return true;
    }

    private static int PieceCount(byte[] input) => (BitConverter.ToInt32(input, 24) & int.MaxValue) % (input[24] < 128 ? 100 : Limits.PieceCount + 1);

    private static void VerifyFastSet(byte[] input, int[] pieces, bool isValid)
    {
        int count = PieceCount(input);
        FuzzFailure.When(pieces.Length != Math.Min(input[28] % (Limits.AllowedFastPieces + 1), count), "The set has another size.");
        FuzzFailure.When(pieces.Distinct().Count() != pieces.Length || pieces.Any(piece => piece < 0 || piece >= count), "The set holds a piece twice, or one that is none.");
    }

    private static bool Priority(byte[] input, out uint priority)
    {
        priority = 0;
        if (input.Length < PriorityInput)
            return false;
        (PeerAddress own, PeerAddress peer) = Pair(input);
        priority = PeerPriority.Compute(own, peer);
        return true;
    }

    private static (PeerAddress Own, PeerAddress Peer) Pair(byte[] input)
    {
        int length = input[0] < 128 ? 4 : 16;
        PeerAddress own = PeerAddress.FromBytes(input.AsSpan(1, length), BitConverter.ToUInt16(input, 33));
        PeerAddress peer = PeerAddress.FromBytes(input.AsSpan(17, length), (ushort)input[35]);
        return own.IsV6 == peer.IsV6 ? (own, peer) : (own, own);
    }

    private static void VerifyPriority(byte[] input, uint priority, bool isValid)
    {
        (PeerAddress own, PeerAddress peer) = Pair(input);
        FuzzFailure.When(PeerPriority.Compute(peer, own) != priority, $"{own} and {peer} do not agree on their priority.");
    }
}
