using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

public sealed class PeerReaderLimitTests
{
    [Theory]
    [InlineData(0, 2u)]
    [InlineData(1, 5u)]
    [InlineData(4, 4u)]
    [InlineData(4, 6u)]
    [InlineData(6, 12u)]
    [InlineData(6, 14u)]
    [InlineData(7, 9u)]
    [InlineData(8, 17u)]
    [InlineData(9, 2u)]
    [InlineData(9, 4u)]
    [InlineData(14, 2u)]
    [InlineData(16, 1u)]
    [InlineData(17, 6u)]
    [InlineData(20, 1u)]
    [InlineData(5, 2u)]
    [InlineData(5, 4u)]
    public void A_wrong_length_ends_the_link_before_the_body_comes(byte id, uint length)
        => Assert.Equal(WireErrorCode.WrongLength, ErrorOf(new WireScript().AddRaw(id, [], length).Bytes, 9).Code);

    [Theory]
    [InlineData(7, 16384u + 9 + 1)]
    [InlineData(99, 131_072u + 2)]
    [InlineData(20, 1_048_576u + 3)]
    [InlineData(0, uint.MaxValue)]
    [InlineData(7, 0x80000000u)]
    public void A_length_bomb_ends_the_link_before_the_body_comes(byte id, uint length)
        => Assert.Equal(WireErrorCode.TooLong, ErrorOf(new WireScript().AddRaw(id, [], length).Bytes, 9).Code);

    [Fact]
    public void A_length_that_no_message_can_have_ends_the_link_before_its_kind_comes()
    {
        PeerReader reader = new(new RecordingSink(), useFast: true);
        byte[] bytes = new WireScript().AddRaw(20, [], Limits.ExtendedMessageBytes + 3).Bytes;
        Assert.False(reader.Receive(bytes.AsSpan(0, 4), out WireError error));
        Assert.Equal(WireErrorCode.TooLong, error.Code);
    }

    [Fact]
    public void Only_metadata_may_be_longer_than_a_plain_extended_message()
    {
        uint length = Limits.PlainExtendedMessageBytes + 3;
        Assert.Equal(WireErrorCode.TooLong, ErrorOf(new WireScript().AddRaw(20, [ExtensionIds.Pex], length).Bytes, 9).Code);
        Assert.Equal(WireErrorCode.TooLong, ErrorOf(new WireScript().AddRaw(20, [111], length).Bytes, 9).Code);
        Assert.False(ErrorOf(new WireScript().AddRaw(20, [ExtensionIds.Metadata], length).Bytes, 9).IsError);
        Assert.False(ErrorOf(new WireScript().AddRaw(20, [ExtensionIds.Pex], length - 1).Bytes, 9).IsError);
    }

    [Fact]
    public void A_bitfield_before_the_layout_is_known_is_bounded()
    {
        Assert.False(ErrorOf(new WireScript().AddRaw(5, new byte[1234]).Bytes, -1).IsError);
        Assert.Equal(WireErrorCode.TooLong, ErrorOf(new WireScript().AddRaw(5, [], Limits.BitfieldBytes + 2).Bytes, -1).Code);
    }

    [Fact]
    public void Spare_bits_end_the_link()
    {
        Assert.Equal(WireErrorCode.SpareBits, ErrorOf(new WireScript().Add(PeerMessage.Bitfield(new byte[] { 0, 0x40 })).Bytes, 9).Code);
        Assert.False(ErrorOf(new WireScript().Add(PeerMessage.Bitfield(new byte[] { 0, 0x80 })).Bytes, 9).IsError);
    }

    [Theory]
    [InlineData(15, 0xFE, false)]
    [InlineData(15, 0x01, true)]
    [InlineData(16, 0xFF, false)]
    public void Every_spare_bit_counts_and_only_those(int pieces, byte last, bool isError)
        => Assert.Equal(isError, ErrorOf(new WireScript().Add(PeerMessage.Bitfield(new byte[] { 0, last })).Bytes, pieces).IsError);

    [Fact]
    public void A_torrent_without_pieces_has_an_empty_bitfield_and_no_haves()
    {
        Assert.False(ErrorOf(new WireScript().Add(PeerMessage.Bitfield(Array.Empty<byte>())).Bytes, 0).IsError);
        Assert.Equal(WireErrorCode.WrongLength, ErrorOf(new WireScript().Add(PeerMessage.Bitfield(new byte[] { 0 })).Bytes, 0).Code);
        Assert.Equal(WireErrorCode.PieceOutOfRange, ErrorOf(new WireScript().Add(PeerMessage.Have(0)).Bytes, 0).Code);
    }

    [Theory]
    [InlineData((int)PeerMessageKind.Piece)]
    [InlineData(99)]
    public void What_has_no_message_of_its_own_is_not_written(int kind)
        => Assert.Throws<ArgumentOutOfRangeException>(() => PeerWriter.LengthOf(new PeerMessage((PeerMessageKind)kind)));

    [Fact]
    public void Unknown_messages_are_counted_but_not_told()
    {
        RecordingSink sink = new();
        PeerReader reader = new(sink, useFast: true);
        Assert.True(reader.Receive(new WireScript().AddRaw(20, [200, 1, 2]).AddRaw(20, [200]).AddRaw(99, [1]).AddRaw(99, []).Bytes, out _));
        Assert.Empty(sink.Log);
        Assert.Equal(4, reader.MessageCount);
    }

    [Fact]
    public void A_message_is_under_way_from_its_first_byte_to_its_last()
    {
        byte[] bytes = new WireScript().Add(PeerMessage.Have(1)).AddRaw(20, [200, 1]).AddPiece(new BlockAddress(0, 0, 3), 1).Bytes;
        int[] ends = [9, 16, bytes.Length];
        PeerReader reader = new(new RecordingSink(), useFast: true);
        Assert.False(reader.IsMidMessage);
        for (int at = 0; at < bytes.Length; at++)
        {
            Assert.True(reader.Receive(bytes.AsSpan(at, 1), out _));
            Assert.Equal(!ends.Contains(at + 1), reader.IsMidMessage);
        }
    }

    [Fact]
    public void Indexes_out_of_range_end_the_link()
    {
        foreach (int index in new[] { 9, -1, int.MaxValue, int.MinValue })
        {
            Assert.Equal(WireErrorCode.PieceOutOfRange, ErrorOf(new WireScript().Add(PeerMessage.Have(index)).Bytes, 9).Code);
            Assert.Equal(WireErrorCode.PieceOutOfRange, ErrorOf(new WireScript().Add(PeerMessage.AllowedFast(index)).Bytes, 9).Code);
            Assert.Equal(WireErrorCode.PieceOutOfRange, ErrorOf(new WireScript().AddPiece(new BlockAddress(index, 0, 10), 1).Bytes, 9).Code);
        }
        Assert.Equal(WireErrorCode.PieceOutOfRange, ErrorOf(new WireScript().AddPiece(new BlockAddress(1, -1, 10), 1).Bytes, 9).Code);
        Assert.False(ErrorOf(new WireScript().Add(PeerMessage.Have(8)).Bytes, 9).IsError);
        Assert.False(ErrorOf(new WireScript().Add(PeerMessage.Have(2_097_151)).Bytes, -1).IsError);
        Assert.True(ErrorOf(new WireScript().Add(PeerMessage.Have(2_097_152)).Bytes, -1).IsError);
    }

    [Fact]
    public void Fast_messages_need_the_fast_extension()
    {
        foreach (byte id in new byte[] { 13, 14, 15, 16, 17 })
        {
            PeerReader reader = new(new RecordingSink(), useFast: false);
            Assert.False(reader.Receive(new WireScript().AddRaw(id, []).Bytes, out WireError error));
            Assert.Equal(WireErrorCode.FastNotEnabled, error.Code);
        }
    }

    [Fact]
    public void Fast_messages_are_those_from_suggest_to_allowed_fast_and_no_others()
    {
        for (int id = 0; id <= byte.MaxValue; id++)
        {
            var kind = (PeerMessageKind)id;
            int body = PeerMessageLengths.IsFixed(kind) ? PeerMessageLengths.FixedLength(kind) : 9;
            Assert.Equal(id is >= 13 and <= 17 ? WireErrorCode.FastNotEnabled : WireErrorCode.None, PeerMessageLengths.Check(kind, body, -1, useFast: false));
            Assert.Equal(WireErrorCode.None, PeerMessageLengths.Check(kind, body, -1, useFast: true));
        }
    }

    [Fact]
    public void The_longest_message_and_the_last_extension_are_taken()
    {
        Assert.False(ErrorOf(new WireScript().AddRaw(20, [ExtensionIds.Metadata], Limits.ExtendedMessageBytes + 2).Bytes, 9).IsError);
        Assert.True(ExtensionIds.IsKnown(ExtensionIds.Metadata));
        Assert.False(ExtensionIds.IsKnown(ExtensionIds.Metadata + 1));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Messages_that_nobody_knows_end_at_their_bound(uint more, bool isError)
        => Assert.Equal(isError, ErrorOf(new WireScript().AddRaw(99, [], Limits.UnknownMessageBytes + 1 + more).Bytes, 9).IsError);

    [Fact]
    public void Nothing_is_decoded_behind_an_error()
    {
        RecordingSink sink = new();
        PeerReader reader = new(sink, useFast: true);
        byte[] bytes = new WireScript().AddRaw(0, [1]).Add(PeerMessage.Have(1)).Bytes;
        Assert.False(reader.Receive(bytes, out _));
        Assert.False(reader.Receive(new WireScript().Add(PeerMessage.Have(1)).Bytes, out WireError error));
        Assert.True(error.IsError);
        Assert.Empty(sink.Log);
    }

    [Fact]
    public void Claimed_lengths_cost_no_memory()
    {
        byte[] bytes = new WireScript().AddRaw(20, [ExtensionIds.Metadata, 1, 2, 3], Limits.ExtendedMessageBytes + 1).Bytes;
        PeerReader[] readers = [.. Enumerable.Range(0, 50).Select(static _ => new PeerReader(new RecordingSink(), true))];
        readers[0].Receive(bytes, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < readers.Length; i++)
            readers[i].Receive(bytes, out _);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 49 * 2 * Limits.FirstMessageBufferBytes);
    }

    [Fact]
    public void Blocks_and_requests_cost_no_memory()
    {
        byte[] bytes = new WireScript()
            .AddPiece(new BlockAddress(1, 0, 16384), 1).Add(PeerMessage.Have(3)).Add(PeerMessage.Request(new BlockAddress(1, 0, 16384))).Bytes;
        PeerReader reader = new(new QuietSink(), true);
        reader.Receive(bytes, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            reader.Receive(bytes, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static WireError ErrorOf(byte[] bytes, int pieceCount)
    {
        PeerReader reader = new(new RecordingSink(), useFast: true);
        if (pieceCount >= 0)
            reader.SetPieceCount(pieceCount);
        reader.Receive(bytes, out WireError error);
        return error;
    }

    private sealed class QuietSink : IPeerReaderSink
    {
        private readonly byte[] _room = new byte[BlockAddress.Size];

        public void OnMessage(in PeerMessage message)
        {
        }

        public bool TryOpenBlock(in BlockAddress block, out Memory<byte> destination)
        {
            destination = _room.AsMemory(0, block.Length);
            return true;
        }

        public void OnBlock(in BlockAddress block, bool isUsed)
        {
        }
    }
}
