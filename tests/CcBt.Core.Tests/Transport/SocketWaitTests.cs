using System.Net;
using System.Net.Sockets;
using CcBt.Core.Transport;

namespace CcBt.Core.Tests.Transport;

public sealed class SocketWaitTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _listener = Tcp();
    private readonly Socket _dialer = Tcp();
    private readonly SocketWait _wait = new();

    public SocketWaitTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public void Dispose()
    {
        _dialer.Dispose();
        _listener.Dispose();
        _wait.Dispose();
    }

    [Fact]
    public async Task A_refused_connection_is_a_value()
    {
        using var closed = new ClosedPort();
        Assert.Equal(SocketError.ConnectionRefused, await Of(_wait.ConnectAsync(_dialer, closed.EndPoint)));
    }

    [Fact]
    public async Task One_serves_a_connect_and_any_number_of_receives_and_sends()
    {
        using Socket peer = await JoinAsync();
        var into = new byte[4];
        for (byte i = 0; i < 100; i++)
        {
            ValueTask<SocketError> empty = _wait.ReceiveAsync(_dialer, Memory<byte>.Empty);
            Assert.Equal(3, await peer.SendAsync(new byte[] { i, 2, 3 }));
            Assert.Equal((SocketError.Success, 0), (await Of(empty), _wait.BytesTransferred));
            Assert.Equal((SocketError.Success, 3), (await Of(_wait.ReceiveAsync(_dialer, into)), _wait.BytesTransferred));
            Assert.Equal((SocketError.Success, 2), (await Of(_wait.SendAsync(_dialer, into.AsMemory(0, 2))), _wait.BytesTransferred));
            Assert.Equal((2, i), (await peer.ReceiveAsync(into), into[0]));
        }
    }

    [Fact]
    public async Task A_send_that_has_no_room_goes_on_until_all_of_it_has_left()
    {
        using Socket peer = await JoinAsync();
        var bytes = new byte[16 << 20];
        new Random(1).NextBytes(bytes);
        ValueTask<SocketError> sending = _wait.SendAsync(_dialer, bytes);
        Assert.False(sending.IsCompleted);
        var got = new byte[bytes.Length];
        for (int at = 0; at < got.Length;)
            at += await peer.ReceiveAsync(got.AsMemory(at)).AsTask().WaitAsync(Patience);
        Assert.Equal((SocketError.Success, bytes.Length), (await Of(sending), _wait.BytesTransferred));
        Assert.True(bytes.AsSpan().SequenceEqual(got));
    }

    [Theory]
    [InlineData(true, SocketError.ConnectionReset)]
    [InlineData(false, SocketError.OperationAborted)]
    public async Task The_end_of_a_connection_is_a_value(bool isPeers, SocketError error)
    {
        Socket peer = await JoinAsync();
        ValueTask<SocketError> receiving = _wait.ReceiveAsync(_dialer, new byte[1]);
        Assert.False(receiving.IsCompleted);
        peer.LingerState = new LingerOption(true, 0);
        (isPeers ? peer : _dialer).Dispose();
        Assert.Equal(error, await Of(receiving));
        peer.Dispose();
    }

    private static Socket Tcp() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private static Task<SocketError> Of(ValueTask<SocketError> outcome) => outcome.AsTask().WaitAsync(Patience);

    private async Task<Socket> JoinAsync()
    {
        Assert.Equal(SocketError.Success, await Of(_wait.ConnectAsync(_dialer, _listener.LocalEndPoint!)));
        Socket peer = await _listener.AcceptAsync().WaitAsync(Patience);
        _dialer.Blocking = false;
        return peer;
    }
}
