namespace CcBt.Core.Trackers;

/// <summary>Why a tracker URL is refused.</summary>
internal enum TrackerUrlError
{
    None = 0,
    Length,
    ControlCharacter,
    Scheme,
    Host,

    /// <summary>An internationalised host name, which can look like another one.</summary>
    LookAlikeHost,
    Port,

    /// <summary>The query sets what only the client may set, such as <c>info_hash</c> or <c>event</c>.</summary>
    ClientParameter,
}
