namespace CcBt.Core;

/// <summary>
/// The base of every error that this library throws for a reason outside the caller's code. It names what failed
/// (<see cref="Exception.Message"/>), where (<see cref="Place"/>) and whether trying again can help (<see cref="IsTransient"/>).
/// </summary>
public abstract class TorrentException : Exception
{
    private protected TorrentException(TorrentErrorCode code, string message, string place, bool isTransient, Exception? inner)
        : base(message, inner)
    {
        Code = code;
        Place = place;
        IsTransient = isTransient;
    }

    /// <summary>What went wrong, as a value that stays the same across versions.</summary>
    public TorrentErrorCode Code { get; }

    /// <summary>Where it went wrong: a field, a file path, an address or a URL. Never empty.</summary>
    public string Place { get; }

    /// <summary>Whether the same call can succeed later without anything being changed by the caller.</summary>
    public bool IsTransient { get; }
}
