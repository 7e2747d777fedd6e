namespace CcBt.Core.Transport;

/// <summary>Why a link ended.</summary>
internal enum LinkCloseReason
{
    /// <summary>The owner no longer wants it.</summary>
    Local = 0,

    /// <summary>The peer closed it.</summary>
    Remote,
    ConnectFailed,
    ConnectTimeout,
    HandshakeTimeout,
    HandshakeRefused,
    WrongInfoHash,
    ConnectedToSelf,
    ProtocolError,
    MessageTimeout,
    Idle,
    Reset,
    Banned,
    Duplicate,
    Shutdown,

    /// <summary>The network that it was opened on is gone; the peer may be reached over another.</summary>
    NetworkChanged,

    /// <summary>A destination, a source or the link itself threw; the log has it.</summary>
    Failed,
}
