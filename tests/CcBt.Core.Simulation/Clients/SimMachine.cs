using CcBt.Core.Simulation.Disk;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Peers;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Clients;

/// <summary>What outlives a client: the network it is on, its line and its disk; and the clock of the present run.</summary>
internal sealed record SimMachine(World World, SimNetwork Network, SimHost Host, SimDisk Disk, SimClock Clock, SimTrackers Trackers)
{
    /// <summary>How its client behaves on the wire.</summary>
    public SimHabits Habits { get; init; } = SimHabits.Own;
}
