using System.Net;
using System.Net.Sockets;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

public sealed class HandshakeExchangeTests : IDisposable
{
    private static readonly Handshake Theirs = new(LinkOwner.Hash, PeerId.Create(new Random(3)), HandshakeFeatures.Fast | HandshakeFeatures.Extended);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SocketWait _wait = new();

    public HandshakeExchangeTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _wait.Dispose();
    }

    [Fact]
    public async Task A_handshake_is_read_at_every_split_and_nothing_behind_it()
    {
        byte[] stream = [.. Bytes(Theirs), 0, 0, 0, 1, 1];
        for (int split = 0; split <= stream.Length; split++)
        {
            (Socket peer, Socket ours) = await ConnectAsync();
            using (peer)
            using (ours)
            {
                await peer.SendAsync(stream.AsMemory(0, split));
                Task<HandshakeAnswer> reading = HandshakeExchange.ReceiveAsync(ours, _wait).AsTask();
                await peer.SendAsync(stream.AsMemory(split));
                Assert.Equal(Theirs, (await reading).Theirs);
                var rest = new byte[8];
                Assert.Equal([0, 0, 0, 1, 1], rest[..await ours.ReceiveAsync(rest)]);
            }
        }
    }

    [Fact]
    public async Task A_handshake_that_ends_early_is_none_at_every_length()
    {
        byte[] bytes = Bytes(Theirs);
        for (int length = 0; length < bytes.Length; length++)
        {
            (Socket peer, Socket ours) = await ConnectAsync();
            using (ours)
            {
                using (peer)
                    await peer.SendAsync(bytes.AsMemory(0, length));
                Assert.Equal(new HandshakeAnswer(null, LinkCloseReason.HandshakeRefused), await HandshakeExchange.ReceiveAsync(ours, _wait));
            }
        }
    }

    [Fact]
    public async Task Another_protocol_is_seen_at_its_first_byte()
    {
        for (int wrong = 0; wrong < 20; wrong++)
        {
            byte[] bytes = Bytes(Theirs);
            bytes[wrong] ^= 0x20;
            (Socket peer, Socket ours) = await ConnectAsync();
            using (peer)
            using (ours)
            {
                await peer.SendAsync(bytes.AsMemory(0, wrong + 1));
                Assert.Equal(new HandshakeAnswer(null, LinkCloseReason.HandshakeRefused), await HandshakeExchange.ReceiveAsync(ours, _wait));
            }
        }
    }

    [Fact]
    public async Task A_reset_is_told_whether_it_is_there_or_comes()
    {
        foreach (bool isThere in new[] { true, false })
        {
            (Socket peer, Socket ours) = await ConnectAsync();
            using (ours)
            {
                peer.LingerState = new LingerOption(true, 0);
                if (isThere)
                    peer.Dispose();
                Task<HandshakeAnswer> reading = HandshakeExchange.ReceiveAsync(ours, _wait).AsTask();
                peer.Dispose();
                Assert.Equal(new HandshakeAnswer(null, LinkCloseReason.Reset), await reading);
            }
        }
    }

    private static byte[] Bytes(in Handshake handshake)
    {
        var bytes = new byte[Handshake.Length];
        handshake.Write(bytes);
        return bytes;
    }

    private async Task<(Socket Peer, Socket Ours)> ConnectAsync()
    {
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Task connecting = peer.ConnectAsync(_listener.LocalEndPoint!);
        Socket ours = await _listener.AcceptAsync();
        await connecting;
        ours.Blocking = false;
        return (peer, ours);
    }
}
