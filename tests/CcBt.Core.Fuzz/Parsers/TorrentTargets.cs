using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>.torrent files and info dictionaries.</summary>
internal static class TorrentTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ParserTarget<Torrent>("torrent-v1", InputForm.Bencode, TorrentMaker.V1, TryParse, Verify),
        new ParserTarget<Torrent>("torrent-v2", InputForm.Bencode, TorrentMaker.V2, TryParse, Verify),
        new ParserTarget<Torrent>("torrent-hybrid", InputForm.Bencode, TorrentMaker.Hybrid, TryParse, Verify),
        new ParserTarget<Torrent>("torrent-info", InputForm.Bencode, TorrentMaker.InfoV1, TryParseInfo, VerifyValues),
    ];

    public static bool TryParse(byte[] input, out Torrent torrent)
    {
        torrent = null!;
        try
        {
            torrent = Torrent.Parse(input);
            return true;
        }
        catch (TorrentFormatException)
        {
            return false;
        }
    }

    private static bool TryParseInfo(byte[] input, out Torrent torrent)
        => Torrent.TryFromInfo(input, [["http://tracker.example/announce"]], [], out torrent!, out _);

    private static void Verify(byte[] input, Torrent torrent, bool isValid)
    {
        VerifyValues(input, torrent, isValid);
        FuzzFailure.When(!torrent.ToBytes().AsSpan().SequenceEqual(input), "ToBytes gives other bytes than were read.");
        if (torrent.InfoHashV1 is not null || torrent.PieceLayers is not null)
            torrent.CreateVerifier();
        FuzzFailure.When(!Torrent.TryFromInfo(torrent.RawInfo, torrent.Trackers, torrent.WebSeeds, out Torrent? fromInfo, out _), "The info dictionary alone cannot be read.");
        FuzzFailure.When(fromInfo!.InfoHashV1 != torrent.InfoHashV1 || fromInfo.InfoHashV2 != torrent.InfoHashV2, "The info dictionary alone has another hash.");
        FuzzFailure.When(!fromInfo.Files.SequenceEqual(torrent.Files), "The info dictionary alone has other files.");
    }

    private static void VerifyValues(byte[] input, Torrent torrent, bool isValid)
    {
        FuzzFailure.When(torrent.InfoHashV1 is null && torrent.InfoHashV2 is null, "It has no info hash.");
        SafePaths.Check(torrent.Files.Select(file => file.Path));
        FuzzFailure.When(torrent.Files.Sum(file => file.Length) != torrent.TotalSize || torrent.TotalSize <= 0, "The files do not add up to the total size.");
        VerifyLayout(torrent);
        var link = torrent.ToMagnetLink();
        string text = link.ToString();
        if (text.Length > Limits.MagnetLength)
            return;
        MagnetLink again = MagnetLink.Parse(text);
        FuzzFailure.When(again.InfoHashV1 != torrent.InfoHashV1 || again.InfoHashV2 != torrent.InfoHashV2, "Its magnet link has another hash.");
        FuzzFailure.When(!again.Trackers.SequenceEqual(torrent.Trackers.SelectMany(tier => tier)), "Its magnet link has other trackers.");
    }

    private static void VerifyLayout(Torrent torrent)
    {
        long end = 0;
        foreach (TorrentFile file in torrent.Files)
        {
            FuzzFailure.When(file.Offset < end, $"'{file.Path}' overlaps the file before it.");
            end = file.Offset + file.Length;
        }
        FuzzFailure.When(end > (long)torrent.PieceCount * torrent.PieceLength, "The files end behind the last piece.");
        foreach (int piece in new[] { 0, torrent.PieceCount / 2, torrent.PieceCount - 1 })
        {
            int covered = 0;
            foreach (Metainfo.FileSlice slice in torrent.Layout.Slices(piece))
                covered += slice.Length;
            FuzzFailure.When(covered != torrent.Layout.PieceSize(piece) || covered is < 1 || covered > torrent.PieceLength, $"Piece {piece} is not made of file slices.");
        }
    }
}
