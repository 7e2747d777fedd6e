using CcBt.Core.BEncoding;

namespace CcBt.Core.Storage;

/// <summary>Resume data → bencode. Fields are gathered first, for unknown keys have to be sorted in between.</summary>
internal sealed class ResumeWriter
{
    private readonly List<(byte[] Key, byte[] Value)> _fields = [];

    private ResumeWriter()
    {
    }

    public static byte[] Write(ResumeData data)
    {
        var writer = new ResumeWriter();
        writer.AddIdentity(data);
        writer.AddProgress(data);
        writer.AddSettings(data);
        foreach ((ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) in data.Unknown)
            writer._fields.Add((key.ToArray(), value.ToArray()));
        return writer.Join();
    }

    private void AddIdentity(ResumeData data)
    {
        if (data.HashV1 is { } v1)
            Add(ResumeKeys.HashV1, w => w.String(v1.ToArray()));
        if (data.HashV2 is { } v2)
            Add(ResumeKeys.HashV2, w => w.String(v2.ToArray()));
        if (data.Name is { } name)
            Add(ResumeKeys.Name, w => w.Text(name));
        if (data.Magnet is { } magnet)
            Add(ResumeKeys.Magnet, w => w.Text(magnet));
        if (!data.Info.IsEmpty)
            Add(ResumeKeys.Info, w => w.String(data.Info.Span));
        if (data.Trackers.Count > 0)
            Add(ResumeKeys.Trackers, w => AddTiers(w, data.Trackers));
        if (data.WebSeeds.Count > 0)
            Add(ResumeKeys.WebSeeds, w => AddTexts(w, data.WebSeeds));
        if (data.SaveDirectory is { } directory)
            Add(ResumeKeys.SaveDirectory, w => w.Text(directory));
        if (data.AddedAt is { } added)
            Add(ResumeKeys.AddedAt, w => w.Integer(added.ToUnixTimeSeconds()));
    }

    private void AddProgress(ResumeData data)
    {
        if (!data.Have.IsEmpty)
            Add(ResumeKeys.Have, w => w.String(data.Have.Span));
        if (data.Files.Count > 0)
        {
            Add(ResumeKeys.FileLengths, w => AddNumbers(w, data.Files, f => f.Length));
            Add(ResumeKeys.FileTimes, w => AddNumbers(w, data.Files, f => f.LastWriteTicks));
        }
        if (data.Parts.Exists)
        {
            Add(ResumeKeys.PartsLength, w => w.Integer(data.Parts.Length));
            Add(ResumeKeys.PartsTime, w => w.Integer(data.Parts.LastWriteTicks));
        }
        if (!data.Peers.IsEmpty)
            Add(ResumeKeys.Peers, w => w.String(data.Peers.Span));
        if (!data.Peers6.IsEmpty)
            Add(ResumeKeys.Peers6, w => w.String(data.Peers6.Span));
        if (!data.GivenPeers.IsEmpty)
            Add(ResumeKeys.GivenPeers, w => w.String(data.GivenPeers.Span));
        if (!data.GivenPeers6.IsEmpty)
            Add(ResumeKeys.GivenPeers6, w => w.String(data.GivenPeers6.Span));
        Add(ResumeKeys.Uploaded, w => w.Integer(data.Uploaded));
        Add(ResumeKeys.Downloaded, w => w.Integer(data.Downloaded));
    }

    private void AddSettings(ResumeData data)
    {
        if (data.Wanted is { } wanted)
            Add(ResumeKeys.Wanted, w => w.String(ToFlags(wanted)));
        if (data.DownloadLimit is { } down)
            Add(ResumeKeys.DownloadLimit, w => w.Integer(down));
        if (data.UploadLimit is { } up)
            Add(ResumeKeys.UploadLimit, w => w.Integer(up));
        if (data.MaxConnections is { } most)
            Add(ResumeKeys.MaxConnections, w => w.Integer(most));
        if (data.TrustsFiles)
            Add(ResumeKeys.TrustFiles, w => w.Integer(1));
        if (data.StartMode != 0)
            Add(ResumeKeys.StartMode, w => w.Integer(data.StartMode));
        Add(ResumeKeys.Closed, w => w.Integer(data.IsClosed ? 1 : 0));
        Add(ResumeKeys.Paused, w => w.Integer(data.IsPaused ? 1 : 0));
        Add(ResumeKeys.Started, w => w.Integer(data.IsStarted ? 1 : 0));
    }

    private void Add(ReadOnlySpan<byte> key, Action<BWriter> write)
    {
        var writer = new BWriter();
        write(writer);
        _fields.Add((key.ToArray(), writer.ToArray()));
    }

    private byte[] Join()
    {
        _fields.Sort(static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        var writer = new BWriter(_fields.Sum(static f => f.Key.Length + f.Value.Length + 8));
        writer.BeginDictionary();
        foreach ((byte[] key, byte[] value) in _fields)
            writer.Key(key).Encoded(value);
        return writer.End().ToArray();
    }

    private static byte[] ToFlags(IReadOnlyList<bool> wanted)
    {
        var flags = new byte[wanted.Count];
        for (int i = 0; i < flags.Length; i++)
            flags[i] = wanted[i] ? (byte)1 : (byte)0;
        return flags;
    }

    private static void AddNumbers(BWriter writer, IReadOnlyList<DiskFileInfo> files, Func<DiskFileInfo, long> number)
    {
        writer.BeginList();
        foreach (DiskFileInfo file in files)
            writer.Integer(number(file));
        writer.End();
    }

    private static void AddTexts(BWriter writer, IReadOnlyList<string> texts)
    {
        writer.BeginList();
        foreach (string text in texts)
            writer.Text(text);
        writer.End();
    }

    private static void AddTiers(BWriter writer, IReadOnlyList<IReadOnlyList<string>> tiers)
    {
        writer.BeginList();
        foreach (IReadOnlyList<string> tier in tiers)
            AddTexts(writer, tier);
        writer.End();
    }
}
