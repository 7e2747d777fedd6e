using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Session;
using CcBt.Core.Storage;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>What is kept between runs.</summary>
internal static class StateTargets
{
    private const int PieceCount = 1000;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ParserTarget<ResumeData>("resume-data", InputForm.Bencode, MakeResume,
            (byte[] input, out ResumeData data) => ResumeData.TryRead(input, out data), VerifyResume),
        new ParserTarget<ReadOnlyMemory<byte>>("state-envelope", InputForm.Binary, MakeEnvelope,
            (byte[] input, out ReadOnlyMemory<byte> payload) => StateEnvelope.TryRead(input, out payload) == StateFault.None, VerifyEnvelope),
        new ParserTarget<int>("parts-record", InputForm.Binary, MakeRecord, TryReadRecord, VerifyRecord),
    ];

    private static byte[] MakeResume(Random random)
    {
        byte[] info = TorrentMaker.InfoV1(random);
        return new ResumeData
        {
            HashV1 = new InfoHash(System.Security.Cryptography.SHA1.HashData(info)),
            HashV2 = random.Chance(20) ? new InfoHashV2(random.Bytes(32)) : null,
            Name = random.Name(),
            Info = random.Chance(70) ? info : default(ReadOnlyMemory<byte>),
            Trackers = random.Chance(50) ? [[random.Url(), random.Url()], [random.Url()]] : [],
            WebSeeds = random.Chance(20) ? [$"http://{random.Word()}.example/"] : [],
            SaveDirectory = random.Chance(90) ? "/downloads" : null,
            Have = random.Bytes(random.Next(10)),
            Files = [.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Chance(20) ? DiskFileInfo.Missing : new DiskFileInfo(random.Next(), random.Next()))],
            Parts = random.Chance(20) ? new DiskFileInfo(random.Next(), random.Next()) : DiskFileInfo.Missing,
            Wanted = random.Chance(30) ? [true, false, true] : null,
            DownloadLimit = random.Chance(30) ? random.Next() : null,
            UploadLimit = random.Chance(30) ? random.Next() : null,
            IsPaused = random.Chance(30),
            IsStarted = random.Chance(50),
            Peers = random.Bytes(6 * random.Next(10)),
            Peers6 = random.Bytes(18 * random.Next(3)),
            GivenPeers = random.Bytes(6 * random.Next(3)),
            GivenPeers6 = random.Bytes(18 * random.Next(3)),
            Magnet = random.Chance(20) ? $"magnet:?xt=urn:btih:{new string('a', 40)}" : null,
            MaxConnections = random.Chance(50) ? random.Next() : null,
            TrustsFiles = random.Chance(30),
            StartMode = random.Next(3),
            AddedAt = DateTimeOffset.FromUnixTimeSeconds(random.Next()),
            Uploaded = random.Next(),
            Downloaded = random.Next(),
        }.ToBytes();
    }

    private static void VerifyResume(byte[] input, ResumeData data, bool isValid)
    {
        byte[] written = data.ToBytes();
        FuzzFailure.When(isValid && !written.AsSpan().SequenceEqual(input), "Writing what was read gives other bytes.");
        FuzzFailure.When(!ResumeData.TryRead(written, out ResumeData again), "What was written cannot be read.");
        FuzzFailure.When(!again.ToBytes().AsSpan().SequenceEqual(written), "The data do not come back.");
        SavedSession.ToSetup(data);
        FuzzFailure.When(SavedSession.PeersOf(data).Length > Limits.SavedPeers, "More peers than the limit were read.");
        if (SavedSession.TorrentOf(data) is { } torrent)
            SavedSession.SnapshotOf(data, torrent);
    }

    private static byte[] MakeEnvelope(Random random)
    {
        byte[] payload = random.Bytes(random.Next(200));
        var file = new byte[StateEnvelope.HeaderLength + payload.Length];
        StateEnvelope.WriteHeader(file, payload);
        payload.CopyTo(file, StateEnvelope.HeaderLength);
        return file;
    }

    private static void VerifyEnvelope(byte[] input, ReadOnlyMemory<byte> payload, bool isValid)
    {
        var header = new byte[StateEnvelope.HeaderLength];
        StateEnvelope.WriteHeader(header, payload.Span);
        FuzzFailure.When(!input.AsSpan(0, header.Length).SequenceEqual(header) || !input.AsSpan(header.Length).SequenceEqual(payload.Span), "Damage was not seen.");
    }

    /// <summary>The index of the record, and the record.</summary>
    private static byte[] MakeRecord(Random random)
    {
        int index = random.Next(256);
        var record = new byte[1 + PartsHeader.RecordHeaderLength];
        record[0] = (byte)index;
        PartsHeader.WriteRecord(record.AsSpan(1), random.Next(PieceCount), index);
        return record;
    }

    private static bool TryReadRecord(byte[] input, out int piece)
    {
        piece = 0;
        return input.Length > PartsHeader.RecordHeaderLength && PartsHeader.TryReadRecord(input.AsSpan(1, PartsHeader.RecordHeaderLength), input[0], PieceCount, out piece);
    }

    private static void VerifyRecord(byte[] input, int piece, bool isValid)
    {
        FuzzFailure.When(piece is < 0 or >= PieceCount, $"{piece} is no piece.");
        var record = new byte[PartsHeader.RecordHeaderLength];
        PartsHeader.WriteRecord(record, piece, input[0]);
        FuzzFailure.When(!input.AsSpan(1, record.Length).SequenceEqual(record), "Damage was not seen.");
    }
}
