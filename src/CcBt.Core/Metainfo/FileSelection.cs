using System.Globalization;

namespace CcBt.Core.Metainfo;

/// <summary>The <c>so</c> parameter of a magnet link: <c>0,2,4,6-8</c> (BEP 53).</summary>
internal static class FileSelection
{
    /// <summary>Reads the ranges as they stand; <see cref="Join"/> follows once all are there, since sorting for each parameter would cost the square of them.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, List<Range> ranges)
    {
        while (true)
        {
            int comma = text.IndexOf(',');
            if (ranges.Count == Limits.MagnetRanges || !TryReadRange(comma < 0 ? text : text[..comma], out Range range))
                return false;
            ranges.Add(range);
            if (comma < 0)
                return true;
            text = text[(comma + 1)..];
        }
    }

    /// <summary>Sorts ranges and joins those that overlap or touch.</summary>
    public static void Join(List<Range> ranges)
    {
        if (ranges.Count == 0)
            return;
        ranges.Sort(static (a, b) => a.Start.Value.CompareTo(b.Start.Value));
        int kept = 0;
        for (int i = 1; i < ranges.Count; i++)
        {
            if (ranges[i].Start.Value <= ranges[kept].End.Value)
                ranges[kept] = new Range(ranges[kept].Start, Math.Max(ranges[kept].End.Value, ranges[i].End.Value));
            else
                ranges[++kept] = ranges[i];
        }
        ranges.RemoveRange(kept + 1, ranges.Count - kept - 1);
    }

    public static string Write(IReadOnlyList<Range> ranges)
        => string.Join(',', ranges.Select(static range => range.End.Value - range.Start.Value == 1
            ? range.Start.Value.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{range.Start.Value}-{range.End.Value - 1}")));

    private static bool TryReadRange(ReadOnlySpan<char> text, out Range range)
    {
        range = default;
        int dash = text.IndexOf('-');
        // Without a dash both ends are the whole text.
        if (!TryReadIndex(dash < 0 ? text : text[..dash], out int first) || !TryReadIndex(text[(dash + 1)..], out int last) || last < first)
            return false;
        range = new Range(first, last + 1);
        return true;
    }

    private static bool TryReadIndex(ReadOnlySpan<char> text, out int index)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index < Limits.FileCount;
}
