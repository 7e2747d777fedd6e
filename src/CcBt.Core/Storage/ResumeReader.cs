using CcBt.Core.BEncoding;

namespace CcBt.Core.Storage;

/// <summary>Bencode → resume data. Nothing in it is believed to fit anything else in it; users compare lengths with the torrent.</summary>
internal static class ResumeReader
{
    private const int CompactLength = 6;
    private const int CompactLength6 = 18;

    private static BLimits FileLimits => new(Limits.FileBencodeDepth, Limits.StateFileTokens, Limits.StateFileBytes, false, false);

    public static bool TryRead(ReadOnlyMemory<byte> bytes, out ResumeData data)
    {
        data = null!;
        // The info dictionary lies in a string, so that its tokens do not count here.
        var document = new BDocument();
        if (!document.TryParse(bytes, FileLimits, out _) || document.Root.Kind != BKind.Dictionary)
            return false;
        var read = new Fields();
        foreach (BEntry entry in document.Root.Children)
        {
            if (!TryReadIdentity(read, entry) && !TryReadProgress(read, entry) && !TryReadSettings(read, entry))
                read.Unknown.Add((entry.Key.ToArray(), entry.Value.Raw.ToArray()));
        }
        if (read.Data.HashV1 is null && read.Data.HashV2 is null)
            return false;
        data = read.Data with { Files = ReadFiles(read), Parts = ReadParts(read), Unknown = read.Unknown };
        return true;
    }

    private static bool TryReadIdentity(Fields read, in BEntry entry)
    {
        ReadOnlySpan<byte> key = entry.Key;
        BValue value = entry.Value;
        if (key.SequenceEqual(ResumeKeys.HashV1))
            read.Data = read.Data with { HashV1 = value.Bytes.Length == InfoHash.Length ? new InfoHash(value.Bytes) : null };
        else if (key.SequenceEqual(ResumeKeys.HashV2))
            read.Data = read.Data with { HashV2 = value.Bytes.Length == InfoHashV2.Length ? new InfoHashV2(value.Bytes) : null };
        else if (key.SequenceEqual(ResumeKeys.Name))
            read.Data = read.Data with { Name = value.AsText() };
        else if (key.SequenceEqual(ResumeKeys.Magnet))
            read.Data = read.Data with { Magnet = value.AsText() };
        else if (key.SequenceEqual(ResumeKeys.Info))
            read.Data = read.Data with { Info = value.Bytes.ToArray() };
        else if (key.SequenceEqual(ResumeKeys.Trackers))
            read.Data = read.Data with { Trackers = ReadTiers(value) };
        else if (key.SequenceEqual(ResumeKeys.WebSeeds))
            read.Data = read.Data with { WebSeeds = ReadTexts(value) };
        else if (key.SequenceEqual(ResumeKeys.SaveDirectory))
            read.Data = read.Data with { SaveDirectory = value.AsText() };
        else if (key.SequenceEqual(ResumeKeys.AddedAt))
            read.Data = read.Data with { AddedAt = ReadTime(value) };
        else
            return false;
        return true;
    }

    private static bool TryReadProgress(Fields read, in BEntry entry)
    {
        ReadOnlySpan<byte> key = entry.Key;
        BValue value = entry.Value;
        if (key.SequenceEqual(ResumeKeys.Have))
            read.Data = read.Data with { Have = value.Bytes.ToArray() };
        else if (key.SequenceEqual(ResumeKeys.FileLengths))
            read.Lengths = ReadNumbers(value);
        else if (key.SequenceEqual(ResumeKeys.FileTimes))
            read.Times = ReadNumbers(value);
        else if (key.SequenceEqual(ResumeKeys.PartsLength))
            read.PartsLength = value.AsInteger();
        else if (key.SequenceEqual(ResumeKeys.PartsTime))
            read.PartsTime = value.AsInteger();
        else if (key.SequenceEqual(ResumeKeys.Peers))
            read.Data = read.Data with { Peers = ReadCompact(value, CompactLength) };
        else if (key.SequenceEqual(ResumeKeys.Peers6))
            read.Data = read.Data with { Peers6 = ReadCompact(value, CompactLength6) };
        else if (key.SequenceEqual(ResumeKeys.GivenPeers))
            read.Data = read.Data with { GivenPeers = ReadCompact(value, CompactLength) };
        else if (key.SequenceEqual(ResumeKeys.GivenPeers6))
            read.Data = read.Data with { GivenPeers6 = ReadCompact(value, CompactLength6) };
        else if (key.SequenceEqual(ResumeKeys.Uploaded))
            read.Data = read.Data with { Uploaded = ReadAmount(value) ?? 0 };
        else if (key.SequenceEqual(ResumeKeys.Downloaded))
            read.Data = read.Data with { Downloaded = ReadAmount(value) ?? 0 };
        else
            return false;
        return true;
    }

    private static bool TryReadSettings(Fields read, in BEntry entry)
    {
        ReadOnlySpan<byte> key = entry.Key;
        BValue value = entry.Value;
        if (key.SequenceEqual(ResumeKeys.Wanted))
            read.Data = read.Data with { Wanted = value.Kind == BKind.String ? ReadFlags(value.Bytes) : null };
        else if (key.SequenceEqual(ResumeKeys.DownloadLimit))
            read.Data = read.Data with { DownloadLimit = ReadAmount(value) };
        else if (key.SequenceEqual(ResumeKeys.UploadLimit))
            read.Data = read.Data with { UploadLimit = ReadAmount(value) };
        else if (key.SequenceEqual(ResumeKeys.MaxConnections))
            read.Data = read.Data with { MaxConnections = ReadAmount(value) is <= int.MaxValue and { } most ? (int)most : null };
        else if (key.SequenceEqual(ResumeKeys.TrustFiles))
            read.Data = read.Data with { TrustsFiles = value.AsInteger() == 1 };
        else if (key.SequenceEqual(ResumeKeys.StartMode))
            read.Data = read.Data with { StartMode = ReadAmount(value) ?? 0 };
        else if (key.SequenceEqual(ResumeKeys.Closed))
            read.Data = read.Data with { IsClosed = value.AsInteger() == 1 };
        else if (key.SequenceEqual(ResumeKeys.Paused))
            read.Data = read.Data with { IsPaused = value.AsInteger() == 1 };
        else if (key.SequenceEqual(ResumeKeys.Started))
            read.Data = read.Data with { IsStarted = value.AsInteger() == 1 };
        else
            return false;
        return true;
    }

    private static DiskFileInfo[] ReadFiles(Fields read)
    {
        if (read.Lengths.Length != read.Times.Length)
            return [];
        var files = new DiskFileInfo[read.Lengths.Length];
        for (int i = 0; i < files.Length; i++)
            files[i] = read.Lengths[i] < 0 ? DiskFileInfo.Missing : new DiskFileInfo(read.Lengths[i], read.Times[i]);
        return files;
    }

    private static DiskFileInfo ReadParts(Fields read)
        => read is { PartsLength: >= 0 and { } length, PartsTime: { } time } ? new DiskFileInfo(length, time) : DiskFileInfo.Missing;

    private static long? ReadAmount(BValue value) => value.AsInteger() is >= 0 and { } amount ? amount : null;

    private static DateTimeOffset? ReadTime(BValue value)
        => value.AsInteger() is >= 0 and < 253_402_300_800 and { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static byte[] ReadCompact(BValue value, int length) => value.Bytes.Length % length == 0 ? value.Bytes.ToArray() : [];

    private static bool[] ReadFlags(ReadOnlySpan<byte> bytes)
    {
        var flags = new bool[bytes.Length];
        for (int i = 0; i < flags.Length; i++)
            flags[i] = bytes[i] != 0;
        return flags;
    }

    private static long[] ReadNumbers(BValue list)
    {
        if (list.Kind != BKind.List)
            return [];
        var numbers = new List<long>();
        foreach (BEntry entry in list.Children)
        {
            if (!entry.Value.TryGetInteger(out long number))
                return [];
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private static List<string> ReadTexts(BValue list)
    {
        var texts = new List<string>();
        if (list.Kind != BKind.List)
            return texts;
        foreach (BEntry entry in list.Children)
        {
            if (entry.Value.AsText() is { } text)
                texts.Add(text);
        }
        return texts;
    }

    private static List<IReadOnlyList<string>> ReadTiers(BValue list)
    {
        var tiers = new List<IReadOnlyList<string>>();
        if (list.Kind != BKind.List)
            return tiers;
        foreach (BEntry entry in list.Children)
        {
            if (ReadTexts(entry.Value) is { Count: > 0 } tier)
                tiers.Add(tier);
        }
        return tiers;
    }

    private sealed class Fields
    {
        public ResumeData Data { get; set; } = new();

        public long[] Lengths { get; set; } = [];

        public long[] Times { get; set; } = [];

        public long? PartsLength { get; set; }

        public long? PartsTime { get; set; }

        public List<(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value)> Unknown { get; } = [];
    }
}
