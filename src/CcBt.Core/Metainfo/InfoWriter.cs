using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>Writes info dictionaries of version 1 (BEP 3). The same draft gives the same bytes, and so the same info hash.</summary>
internal static class InfoWriter
{
    public static byte[] Write(InfoDraft draft)
    {
        var writer = new BWriter(draft.PieceHashes.Length + 1024);
        writer.BeginDictionary();
        bool isSingle = draft.Files.Count == 1 && draft.Files[0].Path.Count == 0;
        if (isSingle)
            writer.Key("length"u8).Integer(draft.Files[0].Length);
        else
            WriteFiles(writer, draft.Files);
        writer.Key("name"u8).Text(draft.Name);
        writer.Key("piece length"u8).Integer(draft.PieceLength);
        writer.Key("pieces"u8).String(draft.PieceHashes.Span);
        if (draft.IsPrivate)
            writer.Key("private"u8).Integer(1);
        if (draft.Source is { } source)
            writer.Key("source"u8).Text(source);
        return writer.End().ToArray();
    }

    private static void WriteFiles(BWriter writer, IReadOnlyList<DraftFile> files)
    {
        writer.Key("files"u8).BeginList();
        foreach (DraftFile file in files)
        {
            writer.BeginDictionary().Key("length"u8).Integer(file.Length).Key("path"u8).BeginList();
            foreach (string element in file.Path)
                writer.Text(element);
            writer.End().End();
        }
        writer.End();
    }
}
