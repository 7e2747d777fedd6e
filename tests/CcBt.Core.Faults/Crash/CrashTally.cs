namespace CcBt.Core.Faults.Crash;

/// <summary>What was counted over all kills.</summary>
internal sealed class CrashTally
{
    public int Kills { get; set; }

    /// <summary>Kills before the process had its client open, and while the download was at work.</summary>
    public int EarlyKills { get; set; }

    /// <summary>Kills within a millisecond or two after a torrent's first <c>AddAsync</c> had returned.</summary>
    public int KillsAfterAdding { get; set; }

    public int Downloads { get; set; }

    /// <summary>Pieces that were whole on the disk at a kill and had to be fetched again.</summary>
    public int FetchedAgain { get; set; }

    /// <summary>The most of them after one kill, and how many were allowed then: what came in a save interval.</summary>
    public int MostAgain { get; set; }

    public int PiecesAtKills { get; set; }

    public override string ToString()
        => $"{Kills} kills ({EarlyKills} before the start had ended, {KillsAfterAdding} right after an add) in {Downloads} downloads, {PiecesAtKills} pieces on the disk at them, {FetchedAgain} fetched again (at most {MostAgain} after a kill)";
}
