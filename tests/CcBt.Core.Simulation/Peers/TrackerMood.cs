namespace CcBt.Core.Simulation.Peers;

/// <summary>How a simulated tracker treats those who ask it.</summary>
internal enum TrackerMood
{
    Good = 0,

    /// <summary>Never answers.</summary>
    Dead,

    /// <summary>Answers just before everybody loses patience.</summary>
    Slow,

    /// <summary>Says no.</summary>
    Refusing,

    /// <summary>Answers what is no answer.</summary>
    Garbage,

    /// <summary>Answers with more than anybody reads.</summary>
    Bomb,

    /// <summary>Names peers that do not exist.</summary>
    Lying,

    /// <summary>Answers a byte now and then, and is not done when everybody loses patience.</summary>
    Trickling,

    /// <summary>Sends everybody on to itself.</summary>
    Redirecting,
}
