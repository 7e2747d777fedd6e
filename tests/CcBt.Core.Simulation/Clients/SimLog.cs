using CcBt.Core.Simulation.Time;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Simulation.Clients;

/// <summary>What a client logs: every line goes into the event hash, and is counted by its id.</summary>
internal sealed class SimLog(World world) : ILogger, ILoggerFactory
{
    public const int StepFailed = 2;
    public const int StartBegun = 10;
    public const int StartSucceeded = 11;
    public const int StartFailed = 12;
    public const int Completed = 21;
    public const int Faulted = 22;
    public const int PieceFailed = 23;
    public const int PeerBanned = 24;
    public const int WriteFailed = 25;

    private readonly Dictionary<int, int> _counts = [];

    /// <summary>Lines are kept in full from here on, for a person who looks at one run.</summary>
    public static Action<string>? Trace { get; set; }

    /// <summary>What nobody should ever see: the owner failed, or a session faulted.</summary>
    public List<Exception> Failures { get; } = [];

    /// <summary>Pieces that failed their hash, each as often as it did.</summary>
    public List<int> FailedPieces { get; } = [];

    /// <summary>Addresses that were banned.</summary>
    public List<string> Banned { get; } = [];

    public int Count(int id) => _counts.GetValueOrDefault(id);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!world.IsOwnThread)
            return;
        _counts[eventId.Id] = Count(eventId.Id) + 1;
        world.Hash.Add(eventId.Id);
        if (eventId.Id is StepFailed or Faulted or 4102 && exception is not null)
            Failures.Add(exception);
        if (eventId.Id == PieceFailed && state is IReadOnlyList<KeyValuePair<string, object?>> piece && piece.First(v => v.Key == "Piece").Value is int index)
            FailedPieces.Add(index);
        if (eventId.Id == PeerBanned && state is IReadOnlyList<KeyValuePair<string, object?>> values)
            Banned.Add(values.First(v => v.Key == "Address").Value?.ToString() ?? "");
        Trace?.Invoke($"{world.Now} {formatter(state, exception)} {exception?.Message}");
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
