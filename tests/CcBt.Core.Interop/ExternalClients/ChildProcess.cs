using System.Diagnostics;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>
/// A program in a process group of its own, its output kept line by line. It ends after four minutes at the latest, and with this
/// object. The members may be called from any thread.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const string LongestLife = "240";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly string _name;
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly List<string> _errors = [];
    private readonly Task _readers;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(string name, Process process)
    {
        _name = name;
        _process = process;
        _readers = Task.WhenAll(ReadAsync(process.StandardOutput, _lines), ReadAsync(process.StandardError, _errors));
    }

    /// <summary>Starts a program in a folder; an empty environment variable is taken away from it.</summary>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("setsid", ["timeout", "--foreground", "-k", "2", LongestLife, program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string key, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value.Length == 0 ? null : value;
        return new ChildProcess(Path.GetFileName(program), Process.Start(start)!);
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>What the program has said, for messages.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
                return $"--- {_name}: output\n{string.Join('\n', _lines.TakeLast(40))}\n--- {_name}: errors\n{string.Join('\n', _errors.TakeLast(40))}";
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public async Task WriteLineAsync(string line, CancellationToken ct)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), ct);
        await _process.StandardInput.FlushAsync(ct);
    }

    /// <summary>The first line of output from an index on that fits.</summary>
    /// <exception cref="InvalidOperationException">The program ended, or the token was cancelled, without one.</exception>
    public async Task<string> WaitForLineAsync(Predicate<string> fits, CancellationToken ct, int first = 0)
    {
        for (int next = first; ;)
        {
            Task changed;
            bool isLast = _readers.IsCompleted;
            lock (_lines)
            {
                for (; next < _lines.Count; next++)
                {
                    if (fits(_lines[next]))
                        return _lines[next];
                }
                changed = _changed.Task;
            }
            if (isLast)
                throw new InvalidOperationException($"{_name} ended before it said what was waited for.\n{Output}");
            await WaitAsync(Task.WhenAny(changed, _readers), ct);
        }
    }

    /// <summary>Waits until the program ends by itself, and gives its exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken ct)
    {
        await WaitAsync(Task.WhenAll(_process.WaitForExitAsync(ct), _readers), ct);
        return _process.ExitCode;
    }

    /// <summary>Asks the program to end as Ctrl+C does.</summary>
    public void Interrupt() => ProcessGroup.SendInterrupt(_process.Id);

    /// <summary>Ends the program without giving it a chance to do anything.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        ProcessGroup.SendKill(_process.Id);
        await WaitForExitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            ProcessGroup.SendTerminate(_process.Id);
        using var patience = new CancellationTokenSource(_patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            ProcessGroup.SendKill(_process.Id);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    private async Task WaitAsync(Task task, CancellationToken ct)
    {
        try
        {
            await task.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"{_name}: out of time.\n{Output}");
        }
    }

    private async Task ReadAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            TaskCompletionSource changed;
            lock (_lines)
            {
                lines.Add(line);
                changed = _changed;
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            changed.SetResult();
        }
    }
}
