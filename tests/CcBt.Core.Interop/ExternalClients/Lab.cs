namespace CcBt.Core.Interop.ExternalClients;

/// <summary>One test's share of the machine: a folder, addresses, the programs it started and the time it may take.</summary>
internal sealed class Lab : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly CancellationTokenSource _time;

    /// <param name="seconds">How long the whole test may take.</param>
    public Lab(int seconds = 60)
    {
        if (!PrivateNetwork.IsHere)
            throw new InvalidOperationException("These tests need a network namespace with only lo and 10.77.0.0/16 on it; ./test.sh makes one.");
        _time = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        Folder = Directory.CreateTempSubdirectory("ccbt-interop-").FullName;
    }

    public string Folder { get; }

    /// <summary>Cancelled when the test has used up its time.</summary>
    public CancellationToken Token => _time.Token;

    /// <summary>A new empty folder.</summary>
    public string NewFolder(string name)
    {
        string path = Path.Combine(Folder, name);
        for (int i = 2; Directory.Exists(path); i++)
            path = Path.Combine(Folder, $"{name}{i}");
        return Directory.CreateDirectory(path).FullName;
    }

    /// <summary>Starts a program that ends with the test.</summary>
    public ChildProcess Start(string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
        => Keep(ChildProcess.Start(program, arguments, folder ?? Folder, environment));

    /// <summary>Disposes something with the test; the last one kept goes first.</summary>
    public T Keep<T>(T part) where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <exception cref="InvalidOperationException">The test's time is used up.</exception>
    public async Task UntilAsync(Func<Task<bool>> condition, Func<string> what)
    {
        while (!await condition())
        {
            if (Token.IsCancellationRequested)
                throw new InvalidOperationException($"Out of time: {what()}");
            await Task.Delay(TimeSpan.FromMilliseconds(40), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        for (int i = _parts.Count - 1; i >= 0; i--)
            await _parts[i].DisposeAsync();
        _time.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
