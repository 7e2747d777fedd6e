namespace CcBt.Core;

/// <summary>Placeholder until the owner lands.</summary>
public sealed class TorrentSession
{
    internal TorrentSession()
    {
    }

    /// <summary>Begins or joins the one start.</summary>
    /// <returns>The start.</returns>
    public Task StartAsync() => Task.CompletedTask;
}
