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
            byte[] bytes = WireMutation.Of(seedScript, random);
            List<string> whole = Decode(bytes, random, isSplit: false, seed, out WireError wholeError);
            List<string> parts = Decode(bytes, random, isSplit: true, seed, out WireError partError);
            Assert.True(whole.SequenceEqual(parts) && wholeError == partError, $"Seed {seed} decodes differently when it is split.");
        }
    }

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
}
