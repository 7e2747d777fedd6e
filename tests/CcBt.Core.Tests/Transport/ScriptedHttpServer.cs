using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CcBt.Core.Tests.Transport;

/// <summary>A server on 127.0.0.1 that reads a request's head and lets a script write the answer, byte for byte.</summary>
internal sealed class ScriptedHttpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Func<string, Stream, CancellationToken, Task> _script;
    private readonly Task _accepting;
    private int _connections;

    public ScriptedHttpServer(Func<string, Stream, CancellationToken, Task> script)
    {
        _script = script;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Task.Run(AcceptAllAsync);
    }

    public ScriptedHttpServer(string answer)
        : this(Encoding.Latin1.GetBytes(answer))
    {
    }

    public ScriptedHttpServer(byte[] answer)
        : this((_, stream, token) => stream.WriteAsync(answer, token).AsTask())
    {
    }

    public int Port { get; }

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The heads of the requests, in order for one connection after the other.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    public ConcurrentQueue<IPAddress> Clients { get; } = new();

    public static string Ok(string body, string headers = "") => $"HTTP/1.1 200 OK\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        // A listener that is stopped between two accepts throws at the second; so the loop ends first.
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_serving);
    }

    private async Task AcceptAllAsync()
    {
        while (true)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_closing.Token);
                Interlocked.Increment(ref _connections);
                Clients.Enqueue(((IPEndPoint)client.Client.RemoteEndPoint!).Address);
                _serving.Add(ServeAsync(client));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                string head = await ReadHeadAsync(stream);
                Heads.Enqueue(head);
                await _script(head, stream, _closing.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                // The client or the test has had enough.
            }
        }
    }

    private async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _closing.Token) == 1)
            head.Append((char)one[0]);
        return head.ToString();
    }
}
