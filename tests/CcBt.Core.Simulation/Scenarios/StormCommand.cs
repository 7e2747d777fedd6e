namespace CcBt.Core.Simulation.Scenarios;

/// <summary>One step of a storm.</summary>
/// <param name="Act">What befalls.</param>
/// <param name="Torrent">Which torrent, where that matters.</param>
/// <param name="Amount">How much of it, from 0 to 999: each act makes of it what it needs.</param>
internal readonly record struct StormCommand(StormAct Act, int Torrent, int Amount)
{
    public override string ToString() => $"{Act} {Torrent} {Amount}";
}
