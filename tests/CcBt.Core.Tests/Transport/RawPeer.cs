using System.Net;
using System.Net.Sockets;
using CcBt.Core.Tests.Wire;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

/// <summary>A peer that a test plays by hand, byte by byte.</summary>
internal sealed class RawPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;

    public RawPeer(Socket socket) => _socket = socket;

    public static async Task<RawPeer> ConnectAsync(IPEndPoint to)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to).WaitAsync(Patience);
        return new RawPeer(socket);
    }

    /// <summary>Connects, exchanges handshakes and is accepted.</summary>
    public static async Task<(RawPeer Peer, TcpLinkUnderTest Link)> JoinAsync(LinkOwner owner) => await JoinAsync(owner, await ConnectAsync(owner.Listener.Local));

    /// <summary>One that is connected exchanges handshakes and is accepted.</summary>
    public static async Task<(RawPeer Peer, TcpLinkUnderTest Link)> JoinAsync(LinkOwner owner, RawPeer peer)
    {
        await peer.SendHandshakeAsync();
        LinkNote arrived = await owner.NextAsync("arrived");
        arrived.Link.Accept(owner.Ours, owner.Plan);
        Assert.True(Handshake.TryRead(await peer.ReceiveAsync(Handshake.Length), out _));
        return (peer, new TcpLinkUnderTest(arrived.Link));
    }

    public Task SendHandshakeAsync(InfoHash? infoHash = null)
    {
        var bytes = new byte[Handshake.Length];
        new Handshake(infoHash ?? LinkOwner.Hash, PeerId.Create(new Random(77)), HandshakeFeatures.Fast).Write(bytes);
        return SendAsync(bytes);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
        => Assert.Equal(bytes.Length, await _socket.SendAsync(bytes, SocketFlags.None).AsTask().WaitAsync(Patience));

    public Task SendAsync(WireScript script) => SendAsync(script.Bytes);

    /// <summary>Exactly so many bytes.</summary>
    public async Task<byte[]> ReceiveAsync(int length)
    {
        var bytes = new byte[length];
        for (int at = 0; at < length;)
        {
            int count = await _socket.ReceiveAsync(bytes.AsMemory(at), SocketFlags.None).AsTask().WaitAsync(Patience);
            Assert.True(count > 0, $"The link closed after {at} of {length} bytes.");
            at += count;
        }
        return bytes;
    }

    /// <summary>Exactly these messages.</summary>
    public async Task ExpectAsync(WireScript script)
        => Assert.Equal(Convert.ToHexString(script.Bytes), Convert.ToHexString(await ReceiveAsync(script.Bytes.Length)));

    /// <summary>The other side closes; what it sends before is read and dropped.</summary>
    public async Task ExpectEndAsync()
    {
        var rest = new byte[65536];
        try
        {
            while (await _socket.ReceiveAsync(rest.AsMemory(), SocketFlags.None).AsTask().WaitAsync(Patience) > 0)
            {
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Bytes of ours that were not read turn the close into a reset.
        }
    }

    /// <summary>Closes with a reset instead of an orderly end.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}
