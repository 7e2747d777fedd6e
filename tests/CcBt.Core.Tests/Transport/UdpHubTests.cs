using System.Net;
using System.Net.Sockets;
using CcBt.Core.Addressing;
using CcBt.Core.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace CcBt.Core.Tests.Transport;

public sealed class UdpHubTests
{
    private static UdpHub Open(IDatagramSink sink, string address = "127.0.0.1")
        => UdpHub.Open(new IPEndPoint(IPAddress.Parse(address), 0), TimeProvider.System, NullLogger.Instance, sink);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Datagrams_go_both_ways(string address)
    {
        var left = new RecordingSink();
        var right = new RecordingSink();
        await using UdpHub a = Open(left, address), b = Open(right, address);
        Assert.NotEqual(0, a.Local.Port);
        a.Send(b.Local, "hello"u8.ToArray());
        (PeerAddress from, byte[] bytes) = await right.NextAsync();
        Assert.Equal(a.Local, from);
        Assert.Equal("hello"u8.ToArray(), bytes);
        b.Send(from, "answer"u8.ToArray());
        Assert.Equal("answer"u8.ToArray(), (await left.NextAsync()).Bytes);
        Assert.Equal((1, 1), (b.SentDatagrams, b.ReceivedDatagrams));
    }

    [Fact]
    public async Task The_first_sink_that_takes_a_datagram_keeps_it()
    {
        var first = new RecordingSink(bytes => bytes[0] == 'd');
        var second = new RecordingSink();
        await using UdpHub a = Open(new RecordingSink()), b = Open(first);
        b.Add(second);
        a.Send(b.Local, "x"u8.ToArray());
        a.Send(b.Local, "d"u8.ToArray());
        Assert.Equal("x"u8.ToArray(), (await second.NextAsync()).Bytes);
        Assert.Equal("d"u8.ToArray(), (await first.NextAsync()).Bytes);
        b.Remove(first);
        a.Send(b.Local, "d2"u8.ToArray());
        Assert.Equal("d2"u8.ToArray(), (await second.NextAsync()).Bytes);
    }

    [Fact]
    public async Task A_sink_that_throws_and_a_port_that_is_closed_do_not_deafen_the_hub()
    {
        var sink = new RecordingSink(bytes => bytes[0] != '!' ? true : throw new InvalidOperationException("sink"));
        UdpHub gone = Open(new RecordingSink());
        await gone.DisposeAsync();
        await using UdpHub a = Open(new RecordingSink()), b = Open(sink);
        b.Send(gone.Local, "nobody"u8.ToArray());
        a.Send(b.Local, "!"u8.ToArray());
        a.Send(b.Local, "after"u8.ToArray());
        Assert.Equal("after"u8.ToArray(), (await sink.NextAsync()).Bytes);
    }

    [Fact]
    public async Task A_renewed_hub_has_its_port_and_its_sinks_again()
    {
        var left = new RecordingSink();
        var right = new RecordingSink();
        await using UdpHub a = Open(left), b = Open(right);
        for (int round = 0; round < 3; round++)
        {
            PeerAddress before = a.Local;
            a.Renew();
            Assert.Equal(before, a.Local);
            b.Send(a.Local, "in"u8.ToArray());
            Assert.Equal("in"u8.ToArray(), (await left.NextAsync()).Bytes);
            a.Send(b.Local, "out"u8.ToArray());
            Assert.Equal(a.Local, (await right.NextAsync()).From);
        }
        await a.DisposeAsync();
        a.Renew();
        Assert.Equal(0, a.DroppedDatagrams);
    }

    [Fact]
    public async Task Too_long_datagrams_are_dropped()
    {
        var sink = new RecordingSink();
        await using UdpHub a = Open(new RecordingSink()), b = Open(sink);
        a.Send(b.Local, new byte[Limits.DatagramBytes + 1]);
        a.Send(b.Local, new byte[Limits.DatagramBytes]);
        Assert.Equal(Limits.DatagramBytes, (await sink.NextAsync()).Bytes.Length);
        Assert.Equal(1, b.DroppedDatagrams);
    }

    [Fact]
    public async Task Sending_never_throws()
    {
        UdpHub hub = Open(new RecordingSink());
        Assert.True(PeerAddress.TryParse("[::1]:9", out PeerAddress otherFamily));
        hub.Send(otherFamily, "x"u8.ToArray());
        hub.Send(hub.Local, new byte[100_000]);
        await hub.DisposeAsync();
        await hub.DisposeAsync();
        hub.Send(hub.Local, "x"u8.ToArray());
        Assert.Equal(3, hub.DroppedDatagrams);
    }

    [Fact]
    public async Task A_tcp_listener_can_have_the_same_port()
    {
        bool shared = false;
        // Another test may have the number for TCP already.
        for (int i = 0; i < 20 && !shared; i++)
        {
            await using UdpHub hub = Open(new RecordingSink());
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            shared = TryListen(listener, hub.Local.ToEndPoint());
        }
        Assert.True(shared);
    }

    [Fact]
    public async Task A_taken_port_is_reported()
    {
        await using UdpHub hub = Open(new RecordingSink());
        Assert.Throws<SocketException>(() => UdpHub.Open(hub.Local.ToEndPoint(), TimeProvider.System, NullLogger.Instance));
    }

    private static bool TryListen(Socket socket, IPEndPoint at)
    {
        try
        {
            socket.Bind(at);
            socket.Listen();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
