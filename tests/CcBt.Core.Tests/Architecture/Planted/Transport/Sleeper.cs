namespace CcBt.Core.Tests.Architecture.Planted.Transport;

/// <summary>An edge that waits by the system's clock instead of a TimeProvider: the architecture test must find each of its ways.</summary>
internal sealed class Sleeper
{
    public Task DelayAsync(CancellationToken cancellationToken) => Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);

    public Task AllowedDelayAsync(TimeProvider time) => Task.Delay(TimeSpan.FromSeconds(1), time);

    public CancellationTokenSource Patience() => new(TimeSpan.FromSeconds(1));

    public CancellationTokenSource AllowedPatience(TimeProvider time) => new(TimeSpan.FromSeconds(1), time);

    public PeriodicTimer Ticks() => new(TimeSpan.FromSeconds(1));
}
