using System.Diagnostics;

namespace CcBt.Core.Floods.Library;

/// <summary>The library in a process of its own, so that what it costs can be read from the system. One caller at a time.</summary>
internal sealed class LibraryProcess : IAsyncDisposable
{
    /// <summary>
    /// 4 MiB, in hexadecimal digits. The runtime lets a young generation grow as large as the processor's cache before it collects for the first time, here tens of
    /// megabytes; with this, resident memory shows what is held and not what nobody has collected yet.
    /// </summary>
    private const string YoungGeneration = "400000";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private LibraryProcess(Process process) => _process = process;

    public int Port { get; private set; }

    /// <summary>Starts the program of <paramref name="dll"/> and waits until it listens.</summary>
    public static async Task<LibraryProcess> StartAsync(string dll, LibrarySetup setup)
    {
        var start = new ProcessStartInfo("dotnet", [dll, "library", setup.ToString()]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_GCgen0size"] = YoungGeneration;
        var library = new LibraryProcess(Process.Start(start)!);
        try
        {
            string ready = await library.ReadAsync();
            library.Port = int.Parse(ready["ready ".Length..]);
            return library;
        }
        catch
        {
            await library.DisposeAsync();
            throw;
        }
    }

    public ProcessUse Use() => ProcessUse.Of(_process.Id);

    public async Task<LibraryState> StateAsync(bool collects = false)
    {
        await _process.StandardInput.WriteLineAsync(collects ? "collect" : "state");
        await _process.StandardInput.FlushAsync();
        return LibraryState.Read(await ReadAsync());
    }

    /// <summary>Ends the library as a program that is closed would; kills it when it does not end.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (Exception hung) when (hung is OperationCanceledException or IOException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    private async Task<string> ReadAsync()
        => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("The library's process ended; what it said stands above.");
}
