using CcBt.Core.Storage;

namespace CcBt.Core.Session;

/// <summary>What a session is made from. <see cref="Torrent"/> is null for a magnet link whose metadata must come from peers.</summary>
internal sealed record SessionSetup(InfoHash InfoHash, Torrent? Torrent, MagnetLink? Magnet, AddTorrentOptions Options, ResumeData? Resume)
{
    /// <summary>Whether discoveries may begin the start: the user said so, or an earlier run had started it.</summary>
    public bool IsArmed => Options.Start == StartMode.WhenPeersFound || (Resume?.IsStarted ?? false);

    public string Name => Torrent?.Name ?? Magnet?.Name ?? InfoHash.ToString();
}
