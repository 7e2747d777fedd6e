namespace CcBt.Core.Transport;

/// <summary>How far a link has come.</summary>
internal enum LinkPhase
{
    Connecting = 0,
    Handshaking,

    /// <summary>The handshake has come and the owner has not decided.</summary>
    Waiting,
    Running,
}
