using Microsoft.Extensions.Logging;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>Keeps what our client logs, for the message of a test that fails. May be called from any thread.</summary>
internal sealed class MemoryLog : ILoggerFactory, ILogger
{
    private const int Most = 400;
    private readonly Queue<string> _lines = new();
    private readonly long _start = Environment.TickCount64;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Enqueue($"{(Environment.TickCount64 - _start) / 1000.0:F3} {logLevel} {formatter(state, exception)} {exception}");
            if (_lines.Count > Most)
                _lines.Dequeue();
        }
    }

    public void Dispose()
    {
    }

    public override string ToString()
    {
        lock (_lines)
            return string.Join('\n', _lines);
    }
}
