using System.Text;

namespace CcBt.Core.Trackers;

/// <summary>Makes text from a tracker fit to be shown and logged: bounded, no control characters, nothing that turns the reading direction.</summary>
internal static class TrackerText
{
    public static string Clean(ReadOnlySpan<byte> text)
    {
        // Four bytes make at most one character pair, so this cut never makes the kept text shorter.
        if (text.Length > 4 * Limits.TrackerTextLength)
            text = text[..(4 * Limits.TrackerTextLength)];
        return Clean(Encoding.UTF8.GetString(text));
    }

    public static string Clean(string text)
    {
        int length = Math.Min(text.Length, Limits.TrackerTextLength);
        return string.Create(length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = IsShown(source[i]) ? source[i] : '\uFFFD';
        });
    }

    private static bool IsShown(char c) => !char.IsControl(c)
        && c is not (>= '\u200B' and <= '\u200F' or >= '\u2028' and <= '\u202E' or >= '\u2060' and <= '\u206F' or '\u061C' or '\uFEFF');
}
