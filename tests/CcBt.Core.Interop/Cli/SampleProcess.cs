using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CcBt.Core.Interop.Cli;

/// <summary>A program of the samples folder as a child, its output kept line by line. It is killed after a minute and with this object.</summary>
internal sealed partial class SampleProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    private readonly Process _process;
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(1));
    private readonly List<string> _lines = [];
    private readonly SemaphoreSlim _news = new(0);
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private SampleProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>The events so far, of a program that was started with --json. Every line must be an object.</summary>
    public IReadOnlyList<JsonElement> Events => [.. Lines.Select(l => JsonDocument.Parse(l).RootElement)];

    public IEnumerable<string> EventNames => Events.Select(e => e.GetProperty("event").GetString()!);

    public static SampleProcess Start(string program, string folder, string? temporary, params string[] arguments)
    {
        string dotnet = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
        // Where these tests run in the background of a shell, an interrupt is ignored, and children would go on to ignore it.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", dotnet, program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (temporary is not null)
            start.Environment["TMPDIR"] = temporary;
        return new SampleProcess(Process.Start(start)!);
    }

    /// <summary>The first event of a name that fits, as soon as it is there.</summary>
    public async Task<JsonElement> EventAsync(string name, Predicate<JsonElement>? fits = null)
    {
        for (int next = 0; ; next++)
        {
            while (Lines.Count <= next)
            {
                bool isLast = _reading.IsCompleted;
                if (Lines.Count <= next && isLast)
                    throw new InvalidOperationException($"It ended without '{name}'. It said:\n{string.Join('\n', Lines)}\n{await _errors}");
                await _news.WaitAsync(_patience.Token);
            }
            JsonElement e = JsonDocument.Parse(Lines[next]).RootElement;
            if (e.GetProperty("event").GetString() == name && fits?.Invoke(e) != false)
                return e;
        }
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(_patience.Token);
        await _reading;
        await _errors;
        return _process.ExitCode;
    }

    /// <summary>The lines on standard error; the program must have ended.</summary>
    public async Task<string[]> ErrorsAsync() => (await _errors).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Signal(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _patience.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_lines)
                _lines.Add(line);
            _news.Release();
        }
        // Whoever waits looks again, and sees that nothing more will come.
        _news.Release();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
