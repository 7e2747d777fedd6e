using CcBt.Core.Metainfo;
using CcBt.Core.Wire;

namespace CcBt.Core.Storage;

/// <summary>
/// Decides which saved pieces can be believed without hashing them. A file that was whole when it was saved must not have been
/// touched since. One that was still being written may have been written on until a crash, so only its length is compared
/// and a few of its pieces are hashed.
/// </summary>
internal sealed class TrustCheck(TorrentFiles files, IPieceVerifier verifier, StorageSnapshot saved)
{
    private enum Trust : byte
    {
        None = 0,
        Sample,
        Full,
    }

    /// <summary>Returns a part of the saved pieces.</summary>
    public PieceSet Run(CancellationToken ct)
    {
        var trusted = new PieceSet(files.Layout.PieceCount);
        if (saved.Have.PieceCount != trusted.PieceCount || saved.Files.Count != files.Files.Count)
            return trusted;
        bool[] isTrusted = new bool[files.Files.Count];
        bool areParts = ArePartsTrusted();
        for (int file = 0; file < isTrusted.Length; file++)
        {
            ct.ThrowIfCancellationRequested();
            isTrusted[file] = files.RouteOf(file) == FileRoute.Parts ? areParts : IsTrusted(file);
        }
        for (int piece = 0; piece < trusted.PieceCount; piece++)
        {
            if (saved.Have[piece] && IsTrusted(piece, isTrusted))
                trusted.Add(piece);
        }
        return trusted;
    }

    private bool ArePartsTrusted()
    {
        DiskFileInfo info = files.GetInfo(PartsFile.Index);
        if (!info.Exists || !saved.Parts.Exists || info.LastWriteTicks < saved.Parts.LastWriteTicks)
            return false;
        if (info == saved.Parts)
            return true;
        int[] pieces = [.. files.Parts.Pieces().Where(piece => saved.Have[piece]).Order()];
        int step = Math.Max(1, pieces.Length / Limits.TrustSamplePieces);
        for (int i = 0; i < pieces.Length; i += step)
        {
            if (!IsGood(pieces[i]))
                return false;
        }
        return true;
    }

    private bool IsTrusted(int piece, bool[] isTrusted)
    {
        foreach (FileSlice slice in files.Layout.Slices(piece))
        {
            if (slice.IsPadding)
                continue;
            if (!isTrusted[slice.File] || (files.RouteOf(slice.File) == FileRoute.Parts && !files.Parts.Contains(piece)))
                return false;
        }
        return true;
    }

    private bool IsTrusted(int file)
    {
        DiskFileInfo info = files.GetInfo(file);
        Trust trust = Compare(file, info);
        if (trust == Trust.None || (trust == Trust.Sample && !IsSampleGood(file)))
            return false;
        files.Times.Believe(file, info.LastWriteTicks);
        return true;
    }

    private Trust Compare(int file, DiskFileInfo info)
    {
        DiskFileInfo then = saved.Files[file];
        if (!info.Exists || !then.Exists)
            return Trust.None;
        if (info == then)
            return Trust.Full;
        bool isLengthRight = info.Length == then.Length || info.Length == files.Files[file].Length;
        return isLengthRight && info.LastWriteTicks > then.LastWriteTicks && !WasWhole(file) ? Trust.Sample : Trust.None;
    }

    private bool WasWhole(int file)
    {
        PieceRange range = files.Layout.PiecesOf(file);
        for (int piece = range.First; piece < range.End; piece++)
        {
            if (!saved.Have[piece])
                return false;
        }
        return true;
    }

    private bool IsSampleGood(int file)
    {
        PieceRange range = files.Layout.PiecesOf(file);
        int step = Math.Max(1, range.Count / Limits.TrustSamplePieces);
        for (int piece = range.First, next = range.First; piece < range.End; piece++)
        {
            if (piece < next || !saved.Have[piece])
                continue;
            if (!IsGood(piece))
                return false;
            next = piece + step;
        }
        return true;
    }

    private bool IsGood(int piece)
    {
        byte[] buffer = new byte[Math.Min(files.Layout.PieceSize(piece), Limits.CheckReadBytes)];
        using IPieceCheck check = verifier.Begin(piece);
        for (int at = 0; at < files.Layout.PieceSize(piece); at += buffer.Length)
        {
            Span<byte> part = buffer.AsSpan(0, Math.Min(buffer.Length, files.Layout.PieceSize(piece) - at));
            if (!files.TryRead(piece, at, part, isGuarded: false, out _))
                return false;
            check.Append(part);
        }
        return check.Finish();
    }
}
