using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>Words the errors of the readers: what is wrong, in which field, at which byte.</summary>
internal static class FormatError
{
    public static TorrentFormatException At(string field, BValue value, string message)
        => At(field, value.Offset, message);

    public static TorrentFormatException At(string field, long offset, string message)
        => new(TorrentErrorCode.InvalidTorrent, $"The torrent is invalid: {field}: {message}", field, offset);

    public static TorrentFormatException Missing(string field, BValue parent)
        => At(field, parent.Offset, "It is missing.");

    public static TorrentFormatException Bencode(string field, BError error)
        => new(TorrentErrorCode.InvalidBencode, $"The torrent is not valid bencode: {error}.", field, error.Offset);
}
