using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>The handshake, each kind of peer message, and all kinds mixed.</summary>
internal static class PeerMessageTargets
{
    private static readonly PeerMessageKind[] s_bare =
    [
        PeerMessageKind.Choke, PeerMessageKind.Unchoke, PeerMessageKind.Interested, PeerMessageKind.NotInterested,
        PeerMessageKind.HaveAll, PeerMessageKind.HaveNone, PeerMessageKind.KeepAlive,
    ];

    private static readonly Func<Random, PeerMessage?>[] s_kinds =
    [
        Bare,
        random => PeerMessage.Have(random.Next(PeerMessageTarget.PieceCount)),
        random => PeerMessage.Bitfield(Bitfield(random)),
        random => PeerMessage.Request(Block(random)),
        random => PeerMessage.Cancel(Block(random)),
        random => PeerMessage.Reject(Block(random)),
        random => new PeerMessage(random.Chance(50) ? PeerMessageKind.Suggest : PeerMessageKind.AllowedFast, new BlockAddress(random.Next(PeerMessageTarget.PieceCount), 0, 0)),
        random => PeerMessage.Port((ushort)random.Next(65536)),
        random => PeerMessage.Extended((byte)random.Next(3), random.Bytes(random.Next(60))),
        _ => null,
    ];

    private static readonly string[] s_names =
        ["peer-state", "peer-have", "peer-bitfield", "peer-request", "peer-cancel", "peer-reject", "peer-fast-piece", "peer-port", "peer-extended", "peer-piece"];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ParserTarget<Handshake>("handshake", InputForm.Binary, MakeHandshake, (byte[] input, out Handshake value) => Handshake.TryRead(input, out value), VerifyHandshake),
        .. s_names.Zip(s_kinds, static (name, kind) => new PeerMessageTarget(name, kind)),
        new PeerMessageTarget("peer-stream", static random => random.Pick(s_kinds)(random)),
    ];

    private static PeerMessage? Bare(Random random) => new PeerMessage(random.Pick(s_bare));

    private static BlockAddress Block(Random random) => new(random.Next(PeerMessageTarget.PieceCount), random.Next(8) * BlockAddress.Size, BlockAddress.Size);

    private static byte[] Bitfield(Random random)
    {
        var set = new PieceSet(PeerMessageTarget.PieceCount);
        for (int i = random.Next(PeerMessageTarget.PieceCount); i > 0; i--)
            set.Add(random.Next(PeerMessageTarget.PieceCount));
        return set.Bytes.ToArray();
    }

    private static byte[] MakeHandshake(Random random)
    {
        var bytes = new byte[Handshake.Length];
        new Handshake(random.Hash(), PeerId.Create(random), (HandshakeFeatures)random.Next(16)).Write(bytes);
        return bytes;
    }

    private static void VerifyHandshake(byte[] input, Handshake handshake, bool isValid)
    {
        FuzzFailure.When(!Handshake.CanBegin(input), "It cannot begin, and was read.");
        var bytes = new byte[Handshake.Length];
        handshake.Write(bytes);
        FuzzFailure.When(!Handshake.TryRead(bytes, out Handshake again) || again != handshake, "The handshake does not come back.");
        FuzzFailure.When(isValid && !bytes.AsSpan().SequenceEqual(input), "Writing what was read gives other bytes.");
        FuzzFailure.When(handshake.PeerId.ToString().Any(c => c is < ' ' or > '~'), "The peer id shows control characters.");
    }
}
