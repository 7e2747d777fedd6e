namespace CcBt.Core.Dht;

/// <summary>
/// A lookup is over: how many distinct peers it found, how many queries it took, how many nodes answered, to how
/// many nodes the announce was sent, and through how many nodes at most, one naming the next, an answer was reached. It comes also when nothing was found, but never after a cancellation.
/// </summary>
internal sealed record DhtLookupEnded(int LookupId, InfoHash InfoHash, int Peers, int Queries, int Answers, int AnnouncedTo, int Hops) : DhtEvent;
