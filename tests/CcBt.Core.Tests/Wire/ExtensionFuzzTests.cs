using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

public sealed class ExtensionFuzzTests
{
    [Fact]
    public void Mutated_extension_payloads_never_throw_and_stay_in_bounds()
    {
        byte[][] payloads = ExtensionSamples();
        for (int seed = 0; seed < 10_000; seed++)
        {
            Random random = new(seed);
            byte[] bytes = WireMutation.Of(payloads[seed % payloads.Length], random);
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
}
