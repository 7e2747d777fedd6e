namespace CcBt.Core.Dht;

/// <summary>Our own neighbourhood is known: the first time, and again after the network was gone.</summary>
internal sealed record DhtBootstrapped(int Nodes) : DhtEvent;
