using CcBt.Core;

namespace CcBt.Core.Floods.Peers;

/// <summary>A torrent of random bytes that are also held in memory, repeated as often as its length needs.</summary>
internal sealed class FloodPayload
{
    public const int PieceLength = 256 << 10;

    private readonly byte[] _bytes;

    private FloodPayload(string folder, string torrentPath, Torrent torrent, byte[] bytes)
    {
        Folder = folder;
        TorrentPath = torrentPath;
        _bytes = bytes;
        InfoHash = torrent.SwarmHash.ToArray();
        Length = torrent.TotalSize;
    }

    public string Folder { get; }

    public string TorrentPath { get; }

    public byte[] InfoHash { get; }

    public long Length { get; }

    public int Blocks => (int)(Length / PeerBytes.BlockLength);

    /// <summary>Writes the payload below a folder.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="distinctBytes">What is held in memory; a multiple of the piece length.</param>
    /// <param name="copies">How often it follows itself in the file.</param>
    public static async Task<FloodPayload> WriteAsync(string folder, int distinctBytes, int copies)
    {
        var bytes = new byte[distinctBytes];
        new Random(1).NextBytes(bytes);
        string data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        string file = Path.Combine(data, "payload.bin");
        await using (FileStream stream = File.Create(file))
        {
            for (int i = 0; i < copies; i++)
                await stream.WriteAsync(bytes);
        }
        Torrent torrent = await TorrentCreator.CreateAsync(file, new CreateTorrentOptions { PieceLength = PieceLength });
        string path = Path.Combine(folder, "payload.torrent");
        await torrent.SaveAsync(path);
        return new FloodPayload(data, path, torrent, bytes);
    }

    public static (int Piece, int Begin) BlockAt(int index)
    {
        const int perPiece = PieceLength / PeerBytes.BlockLength;
        return (index / perPiece, index % perPiece * PeerBytes.BlockLength);
    }

    /// <summary>What the file has from a place on.</summary>
    public ReadOnlyMemory<byte> At(int piece, int begin, int length)
        => _bytes.AsMemory((int)(((long)piece * PieceLength + begin) % _bytes.Length), length);
}
