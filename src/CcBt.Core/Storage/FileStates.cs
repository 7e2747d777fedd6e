using CcBt.Core.Metainfo;
using CcBt.Core.Wire;

namespace CcBt.Core.Storage;

/// <summary>Tells of each file whether it is good, from its pieces and its length.</summary>
internal sealed class FileStates(TorrentFiles files, PieceSet good)
{
    public FileState[] Read()
    {
        var states = new FileState[files.Files.Count];
        for (int file = 0; file < states.Length; file++)
            states[file] = StateOf(file);
        return states;
    }

    private FileState StateOf(int file)
    {
        DiskFileInfo info;
        try
        {
            info = files.GetInfo(file);
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            return FileState.Bad;
        }
        if (!info.Exists)
            return FileState.Missing;
        PieceRange pieces = files.Layout.PiecesOf(file);
        for (int piece = pieces.First; piece < pieces.End; piece++)
        {
            if (!good[piece])
                return FileState.Bad;
        }
        long length = files.Files[file].Length;
        return info.Length < length ? FileState.Bad : info.Length > length ? FileState.Oversized : FileState.Good;
    }
}
