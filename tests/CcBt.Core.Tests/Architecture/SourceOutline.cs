using System.Text.RegularExpressions;

namespace CcBt.Core.Tests.Architecture;

/// <summary>The namespace, the top-level types and the members with their lengths, found by counting braces.</summary>
internal sealed partial class SourceOutline
{
    private readonly string _text;
    private readonly Stack<(Scope Kind, string Name, int Start)> _open = new();
    private readonly List<string> _topLevelTypes = [];
    private readonly List<SourceMember> _members = [];
    private int _headerStart;

    public SourceOutline(string blankedSource)
    {
        _text = blankedSource;
        for (int i = 0; i < _text.Length; i++)
        {
            if (_text[i] == '{')
                Open(i);
            else if (_text[i] == '}')
                Close(i);
            else if (_text[i] == ';')
                EndStatement(i);
        }
    }

    private enum Scope
    {
        Namespace,
        Type,
        Member,
        Inner,
    }

    public string Namespace { get; private set; } = "";

    public IReadOnlyList<string> TopLevelTypes => _topLevelTypes;

    public IReadOnlyList<SourceMember> Members => _members;

    private bool AtTopLevel => _open.Count == 0 || _open.Peek().Kind == Scope.Namespace;

    private void Open(int position)
    {
        int start = _headerStart + LengthOfAttributes(_text[_headerStart..position]);
        string header = _text[start..position];
        if (NamespacePattern().Match(header) is { Success: true } space)
        {
            Namespace = space.Groups[1].Value;
            _open.Push((Scope.Namespace, Namespace, start));
        }
        else if (_open.Count > 0 && _open.Peek().Kind is Scope.Member or Scope.Inner)
            _open.Push((Scope.Inner, "", start));
        else if (TypeName(header) is { } type)
        {
            NoteType(type);
            _open.Push((Scope.Type, type, start));
        }
        else
            _open.Push((IsInitializer(header) || AtTopLevel ? Scope.Inner : Scope.Member, MemberName(header), start));
        _headerStart = position + 1;
    }

    private void Close(int position)
    {
        if (_open.TryPop(out (Scope Kind, string Name, int Start) scope) && scope.Kind == Scope.Member)
            _members.Add(new SourceMember(scope.Name, LineOf(scope.Start), LineOf(position) - LineOf(scope.Start) + 1));
        _headerStart = position + 1;
    }

    private void EndStatement(int position)
    {
        string header = _text[_headerStart..position];
        if (AtTopLevel)
        {
            if (NamespacePattern().Match(header) is { Success: true } space)
                Namespace = space.Groups[1].Value;
            else if ((TypeName(header) ?? DelegateName(header)) is { } type)
                NoteType(type);
        }
        _headerStart = position + 1;
    }

    private void NoteType(string name)
    {
        if (AtTopLevel)
            _topLevelTypes.Add(name);
    }

    // Attributes do not count as lines of the member they stand on.
    private static int LengthOfAttributes(string header)
    {
        int depth = 0, i = 0;
        for (; i < header.Length && (depth > 0 || header[i] == '[' || char.IsWhiteSpace(header[i])); i++)
            depth += header[i] == '[' ? 1 : header[i] == ']' ? -1 : 0;
        return i;
    }

    private int LineOf(int position) => 1 + _text.AsSpan(0, position).Count('\n');

    private static string? TypeName(string header)
    {
        string plain = WithoutParentheses(header.Split(" where ")[0]);
        return TypePattern().Match(plain) is { Success: true } match ? match.Groups[1].Value : null;
    }

    private static string? DelegateName(string header)
        => DelegatePattern().Match(header) is { Success: true } match ? match.Groups[1].Value : null;

    private static bool IsInitializer(string header) => AssignmentPattern().IsMatch(WithoutParentheses(header));

    private static string MemberName(string header)
    {
        string plain = header.Trim();
        int parenthesis = plain.IndexOf('(', StringComparison.Ordinal);
        string before = parenthesis < 0 ? plain : plain[..parenthesis];
        return before.TrimEnd().Split(' ', '\n').Last();
    }

    private static string WithoutParentheses(string text)
    {
        int depth = 0;
        return string.Concat(text.Where(c =>
        {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            return depth == 0 && c != ')';
        }));
    }

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)")]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record)\s+(?:struct\s+|class\s+)?(?!struct\b|class\b)(\w+)")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"\bdelegate\s+[^(]*?(\w+)\s*(?:<[^>(]*>)?\s*\(")]
    private static partial Regex DelegatePattern();

    [GeneratedRegex(@"(?<![=!<>])=(?![=>])")]
    private static partial Regex AssignmentPattern();
}
