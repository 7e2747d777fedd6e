using CcBt.Core.Addressing;

namespace CcBt.Core.Trackers;

/// <summary>
/// One of the ways in which a torrent is announced: an info hash (a hybrid torrent has two, BEP 52) over a listen address (BEP 7).
/// </summary>
/// <param name="InfoHash">The swarm.</param>
/// <param name="Local">The address that the announce leaves from; an unspecified one leaves the choice to the system, within its family.</param>
/// <param name="Port">The port to announce, as seen from outside.</param>
internal sealed record AnnounceRoute(InfoHash InfoHash, PeerAddress Local, ushort Port);
