namespace CcBt.Core.Simulation.Scenarios;

/// <summary>What can befall a client, its torrents or its machine.</summary>
internal enum StormAct
{
    Add = 0,
    Start,
    Pause,

    /// <summary>A peer is found.</summary>
    Discover,
    Stop,

    /// <summary>For good; every second time with its files.</summary>
    Remove,

    /// <summary>The machine loses power, and the client is opened anew a while later.</summary>
    Crash,

    /// <summary>The client is disposed and opened anew.</summary>
    Restart,

    /// <summary>The disk has little room, fails now and then, or is well again.</summary>
    Disk,

    /// <summary>Up to 80 ms pass.</summary>
    Tick,

    /// <summary>Up to 12 s pass.</summary>
    Wait,
}
