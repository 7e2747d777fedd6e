namespace CcBt.Core.Transport;

/// <summary>A thread for a loop that waits by blocking. It does not keep the process alive, and nothing of the caller's context flows into it.</summary>
internal static class LoopThread
{
    public static void Start(string name, Action loop)
    {
        var thread = new Thread(static state => ((Action)state!)()) { IsBackground = true, Name = name };
        thread.UnsafeStart(loop);
    }
}
