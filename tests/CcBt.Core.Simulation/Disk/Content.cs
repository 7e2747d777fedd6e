using System.Security.Cryptography;
using CcBt.Core.Metainfo;

namespace CcBt.Core.Simulation.Disk;

/// <summary>A torrent of one file and what it holds, made from a seed.</summary>
internal sealed record Content(Torrent Torrent, byte[] Bytes)
{
    public static Content Make(Random random, int length, int pieceLength, params string[] trackers)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        int pieces = (length + pieceLength - 1) / pieceLength;
        byte[] hashes = new byte[pieces * SHA1.HashSizeInBytes];
        for (int piece = 0; piece < pieces; piece++)
        {
            int size = Math.Min(pieceLength, length - piece * pieceLength);
            SHA1.HashData(bytes.AsSpan(piece * pieceLength, size), hashes.AsSpan(piece * SHA1.HashSizeInBytes));
        }
        byte[] info = InfoWriter.Write(new InfoDraft
        {
            Name = $"content-{random.Next():x8}",
            PieceLength = pieceLength,
            Files = [new DraftFile([], length)],
            PieceHashes = hashes,
        });
        var details = new TorrentDetails { Trackers = [.. trackers.Select(static t => (IReadOnlyList<string>)[t])] };
        return new Content(Torrent.Parse(TorrentWriter.Write(info, details)), bytes);
    }
}
