namespace CcBt.Core.Tests.Session;

/// <summary>One of the activities whose steps the explorer interleaves.</summary>
internal sealed class Strand(string kind, Action body, StrandThread thread)
{
    public string Kind => kind;

    public Action Body => body;

    public StrandThread Thread => thread;

    /// <summary>The step that it takes next.</summary>
    public string Next { get; set; } = "begin";

    /// <summary>Whether it looks at shared state before its first step; if not, its beginning and its first step are one.</summary>
    public bool TouchesAtOnce => kind is "start" or "timer" or "callback";

    /// <summary>
    /// Where its code stands. Code in a loop of reading and swapping forgets what it saw before; a body's next step does not say
    /// in which loop it is, so that all of its steps are kept.
    /// </summary>
    public string Place { get; private set; } = "";

    /// <summary>Which of its calls it is in, where it makes more than one.</summary>
    public string Call { get; set; } = "";

    /// <summary>The state that its next swap expects.</summary>
    public object? Seen { get; set; }

    public string? Result { get; set; }

    public void Record(string step) => Place = (kind == "body" ? Place : Call) + step;
}
