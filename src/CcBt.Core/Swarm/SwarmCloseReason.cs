namespace CcBt.Core.Swarm;

/// <summary>Why the swarm ends a link.</summary>
internal enum SwarmCloseReason
{
    None = 0,
    Paused,
    Banned,

    /// <summary>An address that is linked already.</summary>
    Duplicate,

    /// <summary>What it claimed before the metadata was known does not fit the torrent.</summary>
    ProtocolError,

    /// <summary>Neither side can give the other anything.</summary>
    BothComplete,

    /// <summary>Long without a block in either direction while others wait.</summary>
    Idle,

    /// <summary>Owes blocks for long while others wait.</summary>
    Snubbed,

    /// <summary>A private torrent must not use where it came from (BEP 27).</summary>
    Private,

    /// <summary>The owner lowered the budget.</summary>
    OverBudget,
}
