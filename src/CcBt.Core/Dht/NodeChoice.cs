namespace CcBt.Core.Dht;

/// <summary>Which nodes of the table will do.</summary>
internal enum NodeChoice
{
    /// <summary>Heard within 15 minutes: what others are told.</summary>
    Good = 0,

    /// <summary>Not known to be dead: what our own lookups begin with.</summary>
    Live,

    /// <summary>All, when the network was gone and every node failed.</summary>
    Any,
}
