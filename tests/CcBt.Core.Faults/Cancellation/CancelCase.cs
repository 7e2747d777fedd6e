namespace CcBt.Core.Faults.Cancellation;

/// <summary>A public async method, called as users call it.</summary>
/// <param name="Name">The method.</param>
/// <param name="Act">The call; it may put the client that it opened into the scene.</param>
internal sealed record CancelCase(string Name, Func<CancelScene, CancellationToken, Task> Act)
{
    /// <summary>The scene begins with an open client.</summary>
    public bool HasClient { get; init; } = true;

    /// <summary>The scene begins with a session of the torrent, or of its magnet link.</summary>
    public bool HasSession { get; init; }

    public bool IsMagnet { get; init; }

    /// <summary>The session has been started before.</summary>
    public bool IsStarted { get; init; }

    /// <summary>The session is gone afterwards, whether the caller waited for it or not.</summary>
    public bool Removes { get; init; }
}
