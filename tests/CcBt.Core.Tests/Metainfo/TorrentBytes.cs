using System.Security.Cryptography;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Tests.Metainfo;

/// <summary>Writes torrents by hand, so that tests can break them where they like.</summary>
internal static class TorrentBytes
{
    public const int PieceLength = 16 * 1024;

    /// <summary>A torrent around an info dictionary, with nothing else.</summary>
    public static byte[] Around(byte[] info) => new BWriter().BeginDictionary().Key("info"u8).Encoded(info).End().ToArray();

    public static byte[] SingleInfo(string name = "file.bin", long length = 40_000, int pieceLength = PieceLength, bool isPrivate = false)
    {
        BWriter writer = new BWriter().BeginDictionary()
            .Key("length"u8).Integer(length)
            .Key("name"u8).Text(name)
            .Key("piece length"u8).Integer(pieceLength)
            .Key("pieces"u8).String(Hashes(length, pieceLength));
        if (isPrivate)
            writer.Key("private"u8).Integer(1);
        return writer.End().ToArray();
    }

    /// <summary>Files as a path with slashes, a length and attributes.</summary>
    public static byte[] MultiInfo(IEnumerable<(string Path, long Length, string Attributes)> files, string name = "root", int pieceLength = PieceLength)
        => MultiInfo(files.Select(f => (f.Path.Split('/').Select(System.Text.Encoding.UTF8.GetBytes).ToArray(), f.Length, f.Attributes)), name, pieceLength);

    public static byte[] MultiInfo(IEnumerable<(byte[][] Path, long Length, string Attributes)> files, string name = "root", int pieceLength = PieceLength)
    {
        long total = 0;
        BWriter writer = new BWriter().BeginDictionary().Key("files"u8).BeginList();
        foreach ((byte[][] path, long length, string attributes) in files)
        {
            total += length;
            writer.BeginDictionary();
            if (attributes.Length > 0)
                writer.Key("attr"u8).Text(attributes);
            writer.Key("length"u8).Integer(length).Key("path"u8).BeginList();
            foreach (byte[] element in path)
                writer.String(element);
            writer.End().End();
        }
        return writer.End()
            .Key("name"u8).Text(name)
            .Key("piece length"u8).Integer(pieceLength)
            .Key("pieces"u8).String(Hashes(total, pieceLength))
            .End().ToArray();
    }

    public static Torrent Multi(params (string Path, long Length, string Attributes)[] files) => Torrent.Parse(Around(MultiInfo(files)));

    private static byte[] Hashes(long length, int pieceLength)
    {
        int pieces = (int)((length + pieceLength - 1) / pieceLength);
        var hashes = new byte[pieces * 20];
        for (int i = 0; i < pieces; i++)
            SHA1.HashData(BitConverter.GetBytes(i), hashes.AsSpan(20 * i));
        return hashes;
    }
}
