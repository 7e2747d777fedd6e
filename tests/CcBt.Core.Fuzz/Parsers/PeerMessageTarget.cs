using System.Buffers;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>
/// A stream of peer messages. The first byte says whether the fast extension is in use and whether the piece count is known; the rest is
/// decoded at once, and again cut into random parts both ways, which must make no difference.
/// </summary>
internal sealed class PeerMessageTarget(string name, Func<Random, PeerMessage?> message) : FuzzTarget(name, InputForm.Binary)
{
    public const int PieceCount = 100;
    private const byte Fast = 1;
    private const byte KnowsPieces = 2;
    private const int Splits = 3;

    /// <summary>Null stands for a piece.</summary>
    public override byte[] Generate(Random random)
    {
        var stream = new ArrayBufferWriter<byte>();
        stream.Write([(byte)(Fast | (random.Chance(70) ? KnowsPieces : 0))]);
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            if (message(random) is { } one)
                PeerWriter.Write(one, stream);
            else
                WritePiece(stream, random);
        }
        return stream.WrittenSpan.ToArray();
    }

    public override void Run(byte[] input, bool isValid, Meter meter)
    {
        if (input.Length == 0)
            return;
        byte[] stream = input[1..];
        PeerReader measured = Reader(input[0], new SilentSink());
        meter.Start();
        measured.Receive(stream, out _);
        meter.Stop(stream.Length);
        StreamResult whole = Decode(input[0], stream, (reader, bytes) => reader.Receive(bytes, out WireError error) ? default : error);
        FuzzFailure.When(isValid && (whole.Error.IsError || whole.IsMidMessage), $"A valid stream was refused: {whole.Error}.");
        var random = new Random(Seed.Of(input));
        for (int i = 0; i < Splits; i++)
        {
            Compare(whole, Decode(input[0], stream, (reader, bytes) => Cut(reader, bytes, random)), "cut into parts");
            Compare(whole, Decode(input[0], stream, (reader, bytes) => Lend(reader, bytes, random)), "received into lent buffers");
        }
        if (isValid)
            VerifyWriter(stream, whole);
    }

    private static void Compare(StreamResult whole, StreamResult other, string how)
        => FuzzFailure.When(whole.Summary != other.Summary, $"The stream {how} gives\n{other.Summary}\nand at once\n{whole.Summary}");

    private static PeerReader Reader(byte flags, IPeerReaderSink sink)
    {
        var reader = new PeerReader(sink, (flags & Fast) != 0);
        if ((flags & KnowsPieces) != 0)
            reader.SetPieceCount(PieceCount);
        return reader;
    }

    private static StreamResult Decode(byte flags, byte[] stream, Func<PeerReader, byte[], WireError> feed)
    {
        var log = new StreamLog();
        PeerReader reader = Reader(flags, log);
        WireError error = feed(reader, stream);
        return new StreamResult(log.Lines, log.Messages, error, reader.IsMidMessage, reader.MessageCount, reader.PayloadBytes);
    }

    private static WireError Cut(PeerReader reader, byte[] stream, Random random)
    {
        int most = random.Chance(50) ? 4 : 40_000;
        for (int at = 0; at < stream.Length;)
        {
            int length = Math.Min(random.Next(1, most), stream.Length - at);
            if (!reader.Receive(stream.AsSpan(at, length), out WireError error))
                return error;
            at += length;
        }
        return default;
    }

    private static WireError Lend(PeerReader reader, byte[] stream, Random random)
    {
        var scratch = new byte[1 << random.Next(0, 15)];
        for (int at = 0; at < stream.Length;)
        {
            Memory<byte> buffer = reader.GetBuffer(scratch);
            int length = Math.Min(random.Next(1, buffer.Length + 1), stream.Length - at);
            stream.AsSpan(at, length).CopyTo(buffer.Span);
            if (!reader.Advance(length, out WireError error))
                return error;
            at += length;
        }
        return default;
    }

    private static void VerifyWriter(byte[] stream, StreamResult whole)
    {
        if (whole.PayloadBytes > 0)
            return;
        var writer = new ArrayBufferWriter<byte>();
        foreach (PeerMessage message in whole.Messages)
            PeerWriter.Write(message, writer);
        FuzzFailure.When(!writer.WrittenSpan.SequenceEqual(stream), "Writing what was read gives other bytes.");
    }

    private static void WritePiece(ArrayBufferWriter<byte> stream, Random random)
    {
        var block = new BlockAddress(random.Next(PieceCount), random.Next(4) * BlockAddress.Size, random.Chance(50) ? random.Next(1, 200) : BlockAddress.Size);
        PeerWriter.WritePieceHead(block, stream.GetSpan(PeerWriter.PieceHeadLength));
        stream.Advance(PeerWriter.PieceHeadLength);
        stream.Write(random.Bytes(block.Length));
    }
}
