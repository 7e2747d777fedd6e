using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

public sealed class WireFuzzTests
{
    [Fact]
    public void Mutated_streams_never_throw_and_split_the_same()
    {
        byte[] seedScript = WireScript.EveryKind();
        for (int seed = 0; seed < 5_000; seed++)
        {
            Random random = new(seed);
            byte[] bytes = Mutate(seedScript, random);
            List<string> whole = Decode(bytes, random, isSplit: false, seed, out WireError wholeError);
            List<string> parts = Decode(bytes, random, isSplit: true, seed, out WireError partError);
            Assert.True(whole.SequenceEqual(parts) && wholeError == partError, $"Seed {seed} decodes differently when it is split.");
        }
    }

    [Fact]
    public void Mutated_extension_payloads_never_throw_and_stay_in_bounds()
    {
        byte[][] payloads = ExtensionSamples();
        for (int seed = 0; seed < 10_000; seed++)
        {
            Random random = new(seed);
            byte[] bytes = Mutate(payloads[seed % payloads.Length], random);
            if (ExtensionHandshake.TryRead(bytes, out ExtensionHandshake handshake))
                Assert.True(handshake.MetadataSize is null or (> 0 and <= Limits.MetadataBytes), $"Seed {seed}");
            if (MetadataMessage.TryRead(bytes, out MetadataMessage message))
                Assert.True(message.Data.Length <= Limits.MetadataPieceBytes && message.Piece < 1024, $"Seed {seed}");
            if (PexMessage.TryRead(bytes, out PexMessage pex))
                Assert.True(pex.Added.Count <= Limits.PexEntriesRead && pex.Added.All(static p => p.Address.Port != 0), $"Seed {seed}");
        }
    }

    private static byte[][] ExtensionSamples() =>
    [
        new ExtensionHandshake { MetadataId = 3, PexId = 1, Port = 6881, Client = "x", MetadataSize = 31235, RequestQueue = 500, IsUploadOnly = true }.Write(),
        new MetadataMessage(MetadataMessageKind.Data, 1, 16384 + 5, new byte[5]).Write(),
        new MetadataMessage(MetadataMessageKind.Request, 4).Write(),
        PexMessageTests.Sample(3).Write(),
    ];

    private static List<string> Decode(byte[] bytes, Random random, bool isSplit, int seed, out WireError error)
    {
        RecordingSink sink = new(static b => b.Piece % 2 == 1);
        PeerReader reader = new(sink, useFast: seed % 5 != 0);
        if (seed % 3 != 0)
            reader.SetPieceCount(9);
        error = default;
        for (int at = 0; at < bytes.Length;)
        {
            int count = isSplit ? Math.Min(bytes.Length - at, random.Next(1, 30)) : bytes.Length;
            if (!reader.Receive(bytes.AsSpan(at, count), out error))
                break;
            at += count;
        }
        return sink.Log;
    }

    private static byte[] Mutate(byte[] source, Random random)
    {
        List<byte> bytes = [.. source];
        for (int i = random.Next(1, 5); i > 0 && bytes.Count > 4; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)));
                    break;
            }
        }
        return [.. bytes];
    }
}
