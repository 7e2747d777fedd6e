using System.Text;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

/// <summary>What an extended message may cost to read: at the bound, and one beyond it.</summary>
public sealed class ExtensionBoundTests
{
    [Fact]
    public void Nesting_ends_at_32_levels()
    {
        // The message itself is the first level.
        Assert.All(Readers, read => Assert.True(read(Nested(Limits.WireBencodeDepth - 1))));
        Assert.All(Readers, read => Assert.False(read(Nested(Limits.WireBencodeDepth))));
    }

    [Fact]
    public void Values_end_at_ten_thousand()
    {
        // The dictionary, three keys, two numbers and the list are values as well.
        Assert.All(Readers, read => Assert.True(read(Crowded(Limits.WireBencodeTokens - 7))));
        Assert.All(Readers, read => Assert.False(read(Crowded(Limits.WireBencodeTokens - 6))));
    }

    [Fact]
    public void A_hash_request_is_skipped_unread_and_costs_no_memory()
    {
        var sink = new RecordingSink();
        var reader = new PeerReader(sink, useFast: true);
        reader.SetPieceCount(9);
        WireScript script = new();
        for (byte id = 21; id <= 23; id++)
            script.AddRaw(id, new byte[Limits.UnknownMessageBytes]);
        byte[] bytes = script.Bytes;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(reader.Receive(bytes, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
        Assert.Empty(sink.Messages);
        Assert.Equal(3, reader.MessageCount);
    }

    private static Func<byte[], bool>[] Readers { get; } =
    [
        static payload => PexMessage.TryRead(payload, out _),
        static payload => ExtensionHandshake.TryRead(payload, out _),
        static payload => MetadataMessage.TryRead(payload, out _),
    ];

    private static byte[] Nested(int levels) => Around(new string('l', levels) + new string('e', levels));

    private static byte[] Crowded(int values) => Around("l" + string.Concat(Enumerable.Repeat("0:", values)) + "e");

    private static byte[] Around(string value) => Encoding.ASCII.GetBytes("d8:msg_typei0e5:piecei0e1:x" + value + "e");
}
