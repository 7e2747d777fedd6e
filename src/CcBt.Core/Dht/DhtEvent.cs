namespace CcBt.Core.Dht;

/// <summary>News from a <see cref="DhtNode"/> for its owner.</summary>
internal abstract record DhtEvent;
