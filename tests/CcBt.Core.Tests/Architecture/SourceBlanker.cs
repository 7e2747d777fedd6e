namespace CcBt.Core.Tests.Architecture;

/// <summary>
/// Replaces comments, literals and preprocessor lines of C# source with spaces, so that what is left can be searched and its braces
/// counted. Line breaks stay. Holes of interpolated strings are blanked with their string.
/// </summary>
internal sealed class SourceBlanker
{
    private readonly string _text;
    private readonly char[] _output;
    private int _position;

    private SourceBlanker(string text)
    {
        _text = text;
        _output = text.ToCharArray();
    }

    public static string Blank(string source)
    {
        var blanker = new SourceBlanker(source);
        blanker.Run();
        return new string(blanker._output);
    }

    private void Run()
    {
        bool lineIsEmpty = true;
        while (_position < _text.Length)
        {
            char c = _text[_position];
            int start = _position;
            if (c == '#' && lineIsEmpty || At("//"))
                SkipLine();
            else if (At("/*"))
                SkipTo("*/");
            else if (c == '\'')
                SkipCharacter();
            else if (IsStringStart())
                SkipString();
            else
                _position++;
            if (_position > start + 1 || c == '\'')
                Erase(start, _position);
            lineIsEmpty = c == '\n' || lineIsEmpty && char.IsWhiteSpace(c);
        }
    }

    private bool At(string token) => string.CompareOrdinal(_text, _position, token, 0, token.Length) == 0;

    private void Erase(int start, int end)
    {
        for (int i = start; i < end && i < _output.Length; i++)
        {
            if (_output[i] != '\n')
                _output[i] = ' ';
        }
    }

    private void SkipLine()
    {
        int end = _text.IndexOf('\n', _position);
        _position = end < 0 ? _text.Length : end;
    }

    private void SkipTo(string token)
    {
        int end = _text.IndexOf(token, _position + token.Length, StringComparison.Ordinal);
        _position = end < 0 ? _text.Length : end + token.Length;
    }

    private void SkipCharacter()
    {
        _position++;
        while (_position < _text.Length && _text[_position] is not ('\'' or '\n'))
            _position += _text[_position] == '\\' ? 2 : 1;
        _position++;
    }

    private bool IsStringStart()
    {
        int i = _position;
        while (i < _text.Length && _text[i] is '$' or '@')
            i++;
        return i < _text.Length && _text[i] == '"';
    }

    private void SkipString()
    {
        int dollars = 0;
        bool verbatim = false;
        for (; _text[_position] != '"'; _position++)
        {
            dollars += _text[_position] == '$' ? 1 : 0;
            verbatim |= _text[_position] == '@';
        }
        int quotes = CountQuotes();
        if (!verbatim && quotes >= 3)
        {
            SkipTo(new string('"', quotes));
            return;
        }
        _position++;
        while (_position < _text.Length && !SkipStringPart(dollars > 0, verbatim))
        {
        }
    }

    private int CountQuotes()
    {
        int i = _position;
        while (i < _text.Length && _text[i] == '"')
            i++;
        return i - _position;
    }

    // Moves over one element of a string; true after its closing quote.
    private bool SkipStringPart(bool interpolated, bool verbatim)
    {
        char c = _text[_position];
        bool doubledQuote = verbatim && At("\"\"");
        if (doubledQuote || c == '\\' && !verbatim || interpolated && (At("{{") || At("}}")))
            _position += 2;
        else if (c == '{' && interpolated)
            SkipHole();
        else
            _position++;
        return c == '"' && !doubledQuote;
    }

    private void SkipHole()
    {
        int depth = 0;
        while (_position < _text.Length)
        {
            char c = _text[_position];
            if (c == '\'')
            {
                SkipCharacter();
                continue;
            }
            if (IsStringStart())
            {
                SkipString();
                continue;
            }
            _position++;
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0)
                return;
        }
    }
}
