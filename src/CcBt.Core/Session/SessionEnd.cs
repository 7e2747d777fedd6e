namespace CcBt.Core.Session;

/// <summary>What becomes of a session's state and files when it is closed.</summary>
internal readonly record struct SessionEnd(bool KeepsState, bool RestoresOnOpen, bool DeletesFiles)
{
    /// <summary>The user disposed it: its state is there for adding it again, but it does not come back by itself.</summary>
    public static SessionEnd Stop => new(true, false, false);

    /// <summary>The whole client closes: the session comes back when the client is opened again.</summary>
    public static SessionEnd ClientClosed => new(true, true, false);

    public static SessionEnd Remove(bool deleteFiles) => new(false, false, deleteFiles);
}
