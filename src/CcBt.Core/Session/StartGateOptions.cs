namespace CcBt.Core.Session;

/// <summary>What a <see cref="StartGate"/> is built with.</summary>
internal sealed record StartGateOptions
{
    /// <summary>The clock of the back-off.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The delay after the first failure; each further failure doubles it.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay.</summary>
    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a failure may mend by itself. After any other, knocks and the timer begin nothing; a call still does.</summary>
    public Func<Exception, bool> IsTransient { get; init; } = static error => error is not TorrentException { IsTransient: false };

    /// <summary>Whether the gate is held from birth: a session that is not armed, or was saved paused.</summary>
    public bool Held { get; init; }

    /// <summary>Who is told what becomes of each attempt.</summary>
    public IStartGateObserver? Observer { get; init; }

    /// <summary>Who decides the order of atomic steps; only in tests.</summary>
    public IGateSteps? Steps { get; init; }

    /// <summary>The delay after so many failures in a row.</summary>
    public TimeSpan RetryDelay(long failures)
    {
        TimeSpan delay = FirstRetryDelay;
        for (long n = 1; n < failures && delay < LongestRetryDelay; n++) delay *= 2;
        return delay < LongestRetryDelay ? delay : LongestRetryDelay;
    }
}
