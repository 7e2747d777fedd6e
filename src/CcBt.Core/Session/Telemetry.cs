using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CcBt.Core.Session;

/// <summary>The activity source and the meter of the library, both named <c>CcBt.Core</c>.</summary>
internal static class Telemetry
{
    public const string Name = "CcBt.Core";

    public static ActivitySource Source { get; } = new(Name);

    private static readonly Meter Meter = new(Name);

    public static Counter<long> Starts { get; } = Meter.CreateCounter<long>("ccbt.starts", "{start}", "Outcomes of start attempts.");

    public static Counter<long> PiecesVerified { get; } = Meter.CreateCounter<long>("ccbt.pieces.verified", "{piece}", "Pieces that were received, verified and written.");

    public static Counter<long> PiecesFailed { get; } = Meter.CreateCounter<long>("ccbt.pieces.failed", "{piece}", "Pieces that failed their hash.");

    public static Counter<long> LinksOpened { get; } = Meter.CreateCounter<long>("ccbt.links.opened", "{link}", "Connections to peers whose handshake was accepted.");

    public static Counter<long> PeersDiscovered { get; } = Meter.CreateCounter<long>("ccbt.peers.discovered", "{peer}", "Peers that sessions did not know before.");

    public static void CountStart(string outcome) => Starts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
