using System.Text;

namespace CcBt.Core.Trackers;

/// <summary>Builds URL queries from bytes: all but the unreserved characters of RFC 3986 are escaped, so no value can end its field.</summary>
internal static class QueryText
{
    private const string HexDigits = "0123456789ABCDEF";

    public static StringBuilder Field(this StringBuilder query, string name, ReadOnlySpan<byte> value)
    {
        query.Begin(name);
        foreach (byte b in value)
        {
            if (IsUnreserved(b))
                query.Append((char)b);
            else
                query.Append('%').Append(HexDigits[b >> 4]).Append(HexDigits[b & 15]);
        }
        return query;
    }

    public static StringBuilder Field(this StringBuilder query, string name, long value) => query.Begin(name).Append(value);

    /// <summary>The query appended to a path that may have one already.</summary>
    public static string Append(string pathAndQuery, string query)
    {
        int mark = pathAndQuery.IndexOf('?');
        if (mark < 0)
            return $"{pathAndQuery}?{query}";
        // A later question mark belongs to a value.
        bool isOpen = mark == pathAndQuery.Length - 1 || pathAndQuery[^1] == '&';
        return isOpen ? pathAndQuery + query : $"{pathAndQuery}&{query}";
    }

    private static StringBuilder Begin(this StringBuilder query, string name)
        => (query.Length > 0 ? query.Append('&') : query).Append(name).Append('=');

    private static bool IsUnreserved(byte b)
        => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~';
}
