using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace CcBt.Core.Transport;

/// <summary>
/// Awaits one operation of a socket at a time, whose error is a value. The runtime's own awaited calls put a stack trace with line numbers, which
/// they read from the symbols, into an exception for every connection that ends: a flood would pay for that by the thousand.
/// </summary>
internal sealed class SocketWait() : SocketAsyncEventArgs(true), IValueTaskSource<SocketError>
{
    private ManualResetValueTaskSourceCore<SocketError> _result;

    public ValueTask<SocketError> ConnectAsync(Socket socket, EndPoint to)
    {
        RemoteEndPoint = to;
        _result.Reset();
        return OutcomeAsync(socket.ConnectAsync(this));
    }

    /// <summary>Receives once; with room for nothing it only waits until there is something. <see cref="SocketAsyncEventArgs.BytesTransferred"/> says how much came.</summary>
    public ValueTask<SocketError> ReceiveAsync(Socket socket, Memory<byte> into)
    {
        SetBuffer(into);
        _result.Reset();
        return OutcomeAsync(socket.ReceiveAsync(this));
    }

    /// <summary>Sends all of it, or fails.</summary>
    public ValueTask<SocketError> SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        SetBuffer(MemoryMarshal.AsMemory(bytes));
        _result.Reset();
        return OutcomeAsync(socket.SendAsync(this));
    }

    public SocketError GetResult(short token) => _result.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _result.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _result.OnCompleted(continuation, state, token, flags);

    protected override void OnCompleted(SocketAsyncEventArgs e) => _result.SetResult(SocketError);

    private ValueTask<SocketError> OutcomeAsync(bool isPending) => isPending ? new ValueTask<SocketError>(this, _result.Version) : new ValueTask<SocketError>(SocketError);
}
