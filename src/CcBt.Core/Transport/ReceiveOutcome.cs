namespace CcBt.Core.Transport;

/// <summary>Why a receive loop stopped reading for now.</summary>
internal enum ReceiveOutcome
{
    /// <summary>The socket is empty.</summary>
    Drained = 0,

    /// <summary>More may be there; others should have a turn.</summary>
    More,

    /// <summary>A rate limit, or an owner who is behind, wants a pause.</summary>
    Wait,

    /// <summary>The link is over.</summary>
    Over,
}
