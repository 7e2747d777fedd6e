using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Tests.Session;

/// <summary>A value in the caller's flow, and a log that notices when a loop of the library still carries it.</summary>
internal sealed class AmbientWatch : ILoggerFactory, ILogger
{
    private const int Begun = 10;

    private readonly AsyncLocal<string?> _value = new();
    private volatile bool _isArmed;

    public string? Current => _value.Value ?? Activity.Current?.OperationName;

    public ConcurrentQueue<string> Leaks { get; } = new();

    public void Set(string value) => _value.Value = value;

    /// <summary>From now on only what is said on the caller's own thread may carry the value: that a start begins.</summary>
    public void Arm() => _isArmed = true;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (_isArmed && eventId.Id != Begun && _value.Value is not null)
            Leaks.Enqueue(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
