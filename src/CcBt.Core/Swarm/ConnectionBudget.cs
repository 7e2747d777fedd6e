namespace CcBt.Core.Swarm;

/// <summary>What this torrent may use of the client's connections; dials never exceed it.</summary>
internal readonly record struct ConnectionBudget(int MaxLinks, int MaxHalfOpen);
