using Mono.Cecil.Cil;

namespace CcBt.Core.Mutation.Mutants;

/// <summary>The sources that the debug symbols speak of.</summary>
internal sealed class SourceLines
{
    private readonly Dictionary<string, string[]> _files = [];

    /// <summary>The line at which the statement begins.</summary>
    public string Line(SequencePoint point) => At(point.Document.Url, point.StartLine).Trim();

    /// <summary>The statement's first line, from its first character on.</summary>
    public string Statement(SequencePoint point)
    {
        string line = At(point.Document.Url, point.StartLine);
        return point.StartColumn - 1 < line.Length ? line[(point.StartColumn - 1)..] : "";
    }

    private string At(string path, int line)
    {
        if (!_files.TryGetValue(path, out string[]? lines))
            _files[path] = lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        return line <= lines.Length ? lines[line - 1] : "";
    }
}
