using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CcBt.Core.Interop.Cli;

/// <summary>An HTTP tracker that knows nobody and writes down what it is asked.</summary>
internal sealed class TrackerStub : IDisposable
{
    private static readonly byte[] _answer = "HTTP/1.1 200 OK\r\nContent-Length: 27\r\nConnection: close\r\n\r\nd8:intervali1800e5:peers0:e"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<string> _requests = [];
    private readonly SemaphoreSlim _news = new(0);

    public TrackerStub()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}/announce";

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    /// <summary>Ends when a request holds a text.</summary>
    public async Task HeardAsync(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!Requests.Any(r => r.Contains(text, StringComparison.Ordinal)))
            await _news.WaitAsync(patience.Token);
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
                string request = await reader.ReadLineAsync() ?? "";
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                }
                await client.GetStream().WriteAsync(_answer);
                lock (_requests)
                    _requests.Add(request);
                _news.Release();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The test is over, or the client hung up.
        }
    }
}
