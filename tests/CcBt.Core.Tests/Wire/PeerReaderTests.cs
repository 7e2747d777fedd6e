using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

public sealed class PeerReaderTests
{
    private const int PieceCount = 9;

    [Fact]
    public void What_is_written_is_read()
    {
        foreach (PeerMessage message in WireScript.SomeMessages())
        {
            RecordingSink sink = new();
            byte[] bytes = new WireScript().Add(message).Bytes;
            Assert.Equal(bytes.Length, PeerWriter.LengthOf(message));
            Assert.True(Reader(sink).Receive(bytes, out _));
            PeerMessage read = Assert.Single(sink.Messages);
            Assert.Equal(message.Kind, read.Kind);
            Assert.Equal(message.Block, read.Block);
            Assert.Equal(message.ExtendedId, read.ExtendedId);
            Assert.Equal(message.Payload.ToArray(), read.Payload.ToArray());
        }
    }

    [Fact]
    public void Every_split_in_three_gives_the_same()
    {
        byte[] script = WireScript.EveryKind(12);
        List<string> whole = Decode(script, [script.Length]);
        Assert.Contains(whole, static line => line.StartsWith("block", StringComparison.Ordinal));
        for (int first = 0; first <= script.Length; first++)
        {
            for (int second = first; second <= script.Length; second += 7)
                Assert.Equal(whole, Decode(script, [first, second - first, script.Length - second]));
        }
        Assert.Equal(whole, Decode(script, [.. Enumerable.Repeat(1, script.Length)]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(1000)]
    [InlineData(4096)]
    [InlineData(70_000)]
    public void Lent_buffers_of_any_size_and_receives_of_any_length_give_the_same(int scratchLength)
    {
        byte[] script = [.. WireScript.EveryKind(BlockAddress.Size), .. WireScript.EveryKind(BlockAddress.Size)];
        List<string> whole = Decode(script, [script.Length]);
        Random random = new(scratchLength);
        RecordingSink sink = new(static b => b.Piece == 3);
        PeerReader reader = Reader(sink);
        var scratch = new byte[scratchLength];
        bool wasDirect = false;
        for (int at = 0; at < script.Length;)
        {
            Memory<byte> lent = reader.GetBuffer(scratch);
            wasDirect |= lent.Length > scratchLength || !lent.Span.Overlaps(scratch);
            int count = Math.Min(script.Length - at, random.Next(lent.Length) + 1);
            script.AsSpan(at, count).CopyTo(lent.Span);
            Assert.True(reader.Advance(count, out WireError error), error.ToString());
            at += count;
        }
        Assert.Equal(whole, sink.Log);
        Assert.Equal(scratchLength != 1, wasDirect);
        Assert.Equal(4 * BlockAddress.Size, reader.PayloadBytes);
    }

    [Fact]
    public void A_truncated_stream_gives_the_messages_before_its_end_and_no_error()
    {
        byte[] script = WireScript.EveryKind();
        List<string> whole = Decode(script, [script.Length]);
        for (int length = 0; length < script.Length; length++)
        {
            List<string> part = Decode(script, [length]);
            Assert.Equal(whole.Take(part.Count), part);
        }
    }

    [Fact]
    public void A_block_that_is_not_opened_is_skipped_and_counted()
    {
        RecordingSink sink = new(static _ => false);
        PeerReader reader = Reader(sink);
        byte[] bytes = new WireScript().AddPiece(new BlockAddress(1, 0, 16384), 1).Add(PeerMessage.Have(1)).Bytes;
        Assert.True(reader.Receive(bytes, out _));
        Assert.Contains(sink.Log, static line => line.StartsWith("block", StringComparison.Ordinal) && line.Contains("False", StringComparison.Ordinal));
        Assert.Equal(PeerMessageKind.Have, Assert.Single(sink.Messages).Kind);
        Assert.Equal(16384, reader.PayloadBytes);
        Assert.Equal(2, reader.MessageCount);
    }

    [Fact]
    public void It_knows_whether_a_message_is_under_way()
    {
        PeerReader reader = Reader(new RecordingSink());
        byte[] bytes = new WireScript().AddPiece(new BlockAddress(1, 0, 30), 1).Bytes;
        Assert.False(reader.IsMidMessage);
        foreach (byte b in bytes.AsSpan(0, bytes.Length - 1))
        {
            reader.Receive([b], out _);
            Assert.True(reader.IsMidMessage);
        }
        reader.Receive(bytes.AsSpan(bytes.Length - 1), out _);
        Assert.False(reader.IsMidMessage);
    }

    private static PeerReader Reader(IPeerReaderSink sink)
    {
        PeerReader reader = new(sink, useFast: true);
        reader.SetPieceCount(PieceCount);
        return reader;
    }

    private static List<string> Decode(byte[] bytes, int[] parts)
    {
        RecordingSink sink = new(static b => b.Piece == 3);
        PeerReader reader = Reader(sink);
        int at = 0;
        foreach (int part in parts)
        {
            Assert.True(reader.Receive(bytes.AsSpan(at, part), out WireError error), error.ToString());
            at += part;
        }
        return sink.Log;
    }
}
