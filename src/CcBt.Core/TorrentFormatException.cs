namespace CcBt.Core;

/// <summary>A torrent file, magnet link, metadata or state file breaks a rule of its format.</summary>
public sealed class TorrentFormatException : TorrentException
{
    internal TorrentFormatException(TorrentErrorCode code, string message, string field, long offset = -1, Exception? inner = null)
        : base(code, message, offset < 0 ? field : $"{field} at byte {offset}", isTransient: false, inner)
    {
        Field = field;
        Offset = offset;
    }

    /// <summary>The field that is wrong, such as <c>info.piece length</c> or <c>xt</c>.</summary>
    public string Field { get; }

    /// <summary>The zero-based byte in the input where it is wrong, or -1 where no single byte can be named.</summary>
    public long Offset { get; }
}
