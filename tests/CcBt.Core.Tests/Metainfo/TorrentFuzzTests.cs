namespace CcBt.Core.Tests.Metainfo;

public sealed class TorrentFuzzTests
{
    [Theory]
    [InlineData("album-v1")]
    [InlineData("album-v2")]
    [InlineData("album-hybrid")]
    [InlineData("single-v2")]
    public void EveryTruncationIsAFormatError(string name)
    {
        byte[] data = Vectors.Read(name);
        for (int length = 0; length < data.Length; length++)
        {
            TorrentFormatException error = Assert.Throws<TorrentFormatException>(() => Torrent.Parse(data.AsMemory(0, length)));
            Assert.InRange(error.Offset, 0, length);
        }
    }

    [Theory]
    [InlineData("album-v1", 1)]
    [InlineData("album-v2", 2)]
    [InlineData("album-hybrid", 3)]
    [InlineData("single-v1", 4)]
    [InlineData("single-hybrid", 5)]
    public void MutationsGiveATorrentThatHoldsTogetherOrAFormatError(string name, int seed)
    {
        byte[] sample = Vectors.Read(name);
        var random = new Random(seed);
        int read = 0;
        for (int round = 0; round < 3000; round++)
        {
            byte[] data = [.. sample];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                data[random.Next(data.Length)] = random.Next(3) == 0 ? "0123456789:ilde"u8[random.Next(15)] : (byte)random.Next(256);
            Torrent torrent;
            try
            {
                torrent = Torrent.Parse(data);
            }
            catch (TorrentFormatException error)
            {
                Assert.True(error.Offset >= 0 && error.Offset <= data.Length && error.Field.Length > 0, $"seed {seed}, round {round}: {error}");
                continue;
            }
            read++;
            Assert.True(HoldsTogether(torrent), $"seed {seed}, round {round}");
        }
        Assert.InRange(read, 100, 3000);
    }

    private static bool HoldsTogether(Torrent torrent)
    {
        long total = 0;
        for (int piece = 0; piece < torrent.PieceCount; piece++)
            total += torrent.Layout.PieceSize(piece);
        var paths = new HashSet<string>(torrent.Files.Select(f => f.Path), StringComparer.OrdinalIgnoreCase);
        return paths.Count == torrent.Files.Count
            && torrent.Files.All(f => !f.Path.Split('/').Any(e => e is "" or "." or "..") && !f.Path.Contains('\\'))
            && torrent.Files.Sum(f => f.Length) == torrent.TotalSize
            && total >= torrent.TotalSize
            && torrent.Files.All(f => f.Offset + f.Length <= torrent.Layout.TotalLength)
            && torrent.Trackers.All(tier => tier.Count > 0);
    }
}
