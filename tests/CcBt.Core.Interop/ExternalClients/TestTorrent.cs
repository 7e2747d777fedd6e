namespace CcBt.Core.Interop.ExternalClients;

/// <summary>A .torrent on disk.</summary>
internal sealed record TestTorrent(string Path, InfoHash InfoHash, int PieceLength, int Pieces)
{
    public string Magnet => $"magnet:?xt=urn:btih:{InfoHash}";
}
