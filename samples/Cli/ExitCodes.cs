namespace CcBt.Cli;

/// <summary>What the process ends with; people script against it.</summary>
internal static class ExitCodes
{
    /// <summary>Done and verified; for seeding: ended by a signal.</summary>
    public const int Done = 0;

    /// <summary>Not done, or interrupted.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or bad input.</summary>
    public const int Usage = 2;
}
