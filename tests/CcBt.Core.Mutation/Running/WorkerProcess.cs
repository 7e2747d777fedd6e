using System.Diagnostics;

namespace CcBt.Core.Mutation.Running;

/// <summary>A <see cref="Worker"/> seen from outside: it is started when needed, and again after a mutant has ended or blocked it.</summary>
internal sealed class WorkerProcess(string testFolder, string library, int sites) : IDisposable
{
    private const string HeapLimit = "0x80000000";

    private Process? _process;

    public int Starts { get; private set; }

    /// <summary>The answer line; null: the process ended or did not answer in time, and is gone.</summary>
    public string? Ask(string command, TimeSpan limit)
    {
        Process process = _process ??= Start();
        try
        {
            process.StandardInput.WriteLine(command);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            Dispose();
            return null;
        }
        return Read(process, limit);
    }

    /// <summary>The next line of a longer answer.</summary>
    public string? Next(TimeSpan limit) => _process is null ? null : Read(_process, limit);

    public void Dispose()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    private Process Start()
    {
        Starts++;
        var start = new ProcessStartInfo("dotnet", [typeof(WorkerProcess).Assembly.Location, "work", testFolder, library, $"{sites}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The worker process did not start.");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        string? ready = Read(process, TimeSpan.FromMinutes(2));
        return ready == "ready" ? process : throw new InvalidOperationException($"The worker process is not ready: {ready ?? "it ended"}.");
    }

    private string? Read(Process process, TimeSpan limit)
    {
        Task<string?> line = process.StandardOutput.ReadLineAsync();
        string? answer = line.Wait(limit) ? line.Result : null;
        if (answer is null)
            Dispose();
        return answer;
    }
}
