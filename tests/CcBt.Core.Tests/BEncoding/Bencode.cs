using System.Text;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Tests.BEncoding;

/// <summary>Short ways to parse in tests.</summary>
internal static class Bencode
{
    public static byte[] Bytes(string latin1) => Encoding.Latin1.GetBytes(latin1);

    public static BValue Parse(string latin1) => Parse(Bytes(latin1), BLimits.File);

    public static BValue Parse(byte[] data, BLimits limits)
    {
        var document = new BDocument();
        Assert.True(document.TryParse(data, limits, out BError error), error.ToString());
        return document.Root;
    }

    public static BError Fail(byte[] data, BLimits limits)
    {
        var document = new BDocument();
        Assert.False(document.TryParse(data, limits, out BError error));
        Assert.False(document.Root.Exists);
        Assert.Equal(0, document.Length);
        return error;
    }

    /// <summary>Writes a parsed value again: the same bytes when they were canonical.</summary>
    public static void Write(BWriter writer, BValue value)
    {
        switch (value.Kind)
        {
            case BKind.Integer:
                writer.Integer(value.AsInteger()!.Value);
                break;
            case BKind.String:
                writer.String(value.Bytes);
                break;
            case BKind.List:
                writer.BeginList();
                foreach (BEntry entry in value.Children)
                    Write(writer, entry.Value);
                writer.End();
                break;
            default:
                writer.BeginDictionary();
                foreach (BEntry entry in value.Children)
                    Write(writer.Key(entry.Key), entry.Value);
                writer.End();
                break;
        }
    }
}
