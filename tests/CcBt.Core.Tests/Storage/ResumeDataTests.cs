using System.Text;
using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

public sealed class ResumeDataTests
{
    private static ResumeData Full => new()
    {
        HashV1 = new InfoHash(Enumerable.Range(0, 20).Select(i => (byte)i).ToArray()),
        HashV2 = new InfoHashV2(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()),
        Name = "Näme",
        Info = "d4:name1:xe"u8.ToArray(),
        Trackers = [["http://a/announce", "udp://b:1"], ["http://c/announce"]],
        WebSeeds = ["http://w/"],
        SaveDirectory = "/games/x",
        Have = new byte[] { 0xF0, 0x80 },
        Files = [new DiskFileInfo(10, 638_000_000_000_000_000), DiskFileInfo.Missing],
        Parts = new DiskFileInfo(100, 5),
        Wanted = [true, false],
        DownloadLimit = 1_000_000,
        UploadLimit = 0,
        MaxConnections = 9,
        TrustsFiles = true,
        StartMode = 1,
        GivenPeers = new byte[6],
        GivenPeers6 = new byte[18],
        Magnet = "magnet:?",
        IsPaused = true,
        IsStarted = true,
        Peers = new byte[12],
        Peers6 = new byte[18],
        AddedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        Uploaded = long.MaxValue,
        Downloaded = 3,
    };

    [Fact]
    public void What_is_written_is_read_again()
    {
        byte[] bytes = Full.ToBytes();
        Assert.True(ResumeData.TryRead(bytes, out ResumeData data));
        Assert.Equal(bytes, data.ToBytes());
        Assert.Equal(Full.HashV2, data.HashV2);
        Assert.Equal(Full.Files, data.Files);
        Assert.Equal(Full.Trackers, data.Trackers);
        Assert.Equal(Full.Wanted, data.Wanted);
        Assert.Equal((Full.Parts, Full.AddedAt, Full.UploadLimit, true, true), (data.Parts, data.AddedAt, data.UploadLimit, data.IsPaused, data.IsStarted));
        Assert.Equal(Full.Info.ToArray(), data.Info.ToArray());
    }

    [Fact]
    public void A_hash_alone_is_enough()
    {
        Assert.True(ResumeData.TryRead(new ResumeData { HashV1 = Full.HashV1 }.ToBytes(), out ResumeData data));
        Assert.Null(data.Wanted);
        Assert.Null(data.DownloadLimit);
        Assert.False(data.Parts.Exists);
        Assert.Empty(data.Files);
    }

    [Fact]
    public void Unknown_keys_are_kept()
    {
        string text = Encoding.Latin1.GetString(new ResumeData { HashV1 = Full.HashV1 }.ToBytes());
        byte[] bytes = Encoding.Latin1.GetBytes(text.Replace("7:hash v1", "5:g-keyl1:ai2ee7:hash v1", StringComparison.Ordinal).Replace("8:uploaded", "3:umpd1:xi1ee8:uploaded", StringComparison.Ordinal));
        Assert.True(ResumeData.TryRead(bytes, out ResumeData data));
        Assert.Equal(2, data.Unknown.Count);
        Assert.Equal(bytes, (data with { Uploaded = 0 }).ToBytes());
    }

    [Theory]
    [InlineData("")]
    [InlineData("le")]
    [InlineData("de")]
    [InlineData("d7:hash v119:0123456789012345678e")]
    [InlineData("d7:hash v1i5ee")]
    public void What_names_no_torrent_is_refused(string text)
        => Assert.False(ResumeData.TryRead(Encoding.Latin1.GetBytes(text), out _));

    [Fact]
    public void Wrong_fields_count_as_absent()
    {
        const string hash = "7:hash v120:01234567890123456789";
        byte[] bytes = Encoding.Latin1.GetBytes($"d5:addedi99999999999999e12:file lengthsli1ei2ee10:file timesli1ee{hash}4:havei7e5:peers5:abcde8:trackersl1:xle3:abcee");
        Assert.True(ResumeData.TryRead(bytes, out ResumeData data));
        Assert.Null(data.AddedAt);
        Assert.Empty(data.Files);
        Assert.True(data.Have.IsEmpty && data.Peers.IsEmpty);
        Assert.Empty(data.Trackers);
    }

    [Fact]
    public void Damaged_bytes_never_throw()
    {
        byte[] good = Full.ToBytes();
        var random = new Random(47);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] bytes = (byte[])good.Clone();
            for (int n = random.Next(1, 4); n > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (ResumeData.TryRead(bytes.AsMemory(0, random.Next(3) == 0 ? random.Next(bytes.Length) : bytes.Length), out ResumeData data))
                Assert.True(ResumeData.TryRead(data.ToBytes(), out _), $"round {i}");
        }
    }
}
