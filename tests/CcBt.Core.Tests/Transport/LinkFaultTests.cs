using System.Net;
using System.Net.Sockets;
using CcBt.Core.Addressing;
using CcBt.Core.Tests.Time;
using CcBt.Core.Tests.Wire;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

public sealed class LinkFaultTests
{
    private static readonly BlockAddress First = new(0, 0, 16384);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_slow_handshake_is_cut_after_ten_seconds_and_not_reported()
    {
        using LinkOwner owner = new(1, _time);
        using RawPeer peer = await RawPeer.ConnectAsync(owner.Listener.Local);
        await peer.SendAsync("\u0013Bit"u8.ToArray());
        await LinkOwner.WaitAsync(() => owner.Listener.HalfOpenCount == 1 && owner.Host.Sweep.Count == 1);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, owner.Host.Sweep.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        await peer.ExpectEndAsync();
        await LinkOwner.WaitAsync(() => owner.Listener.HalfOpenCount == 0 && owner.Host.Sweep.Count == 0);
        Assert.False(owner.TryNext(out _));
    }

    [Fact]
    public async Task A_renewed_listener_has_its_port_again_and_links_go_on()
    {
        using LinkOwner mine = new(1, _time), other = new(2, _time);
        (IPeerLink link, _) = await mine.ConnectAsync(other);
        IPEndPoint before = other.Listener.Local;
        other.Listener.Renew();
        Assert.Equal(before, other.Listener.Local);
        await mine.ConnectAsync(other);
        link.Send(new PeerMessage(PeerMessageKind.Interested));
        Assert.Equal(PeerMessageKind.Interested, (await other.NextMessageAsync(PeerMessageKind.Interested)).Kind);
        Assert.Equal(PeerAddress.From(new IPEndPoint(IPAddress.Loopback, 0)), link.LocalAddress);
    }

    [Fact]
    public async Task A_foreign_protocol_is_cut_at_its_first_byte()
    {
        using LinkOwner owner = new(1, _time);
        using RawPeer peer = await RawPeer.ConnectAsync(owner.Listener.Local);
        await peer.SendAsync("G"u8.ToArray());
        await peer.ExpectEndAsync();
        Assert.False(owner.TryNext(out _));
    }

    [Fact]
    public async Task A_dialled_peer_that_says_nothing_is_cut_after_ten_seconds()
    {
        using LinkOwner owner = new(1, _time);
        using Socket silent = Silent();
        owner.Dial(PeerAddress.From((IPEndPoint)silent.LocalEndPoint!));
        using RawPeer peer = new(await silent.AcceptAsync());
        await peer.ReceiveAsync(Handshake.Length);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(LinkCloseReason.HandshakeTimeout, (await owner.NextAsync("closed")).Reason);
        await peer.ExpectEndAsync();
    }

    [Fact]
    public async Task A_message_that_trickles_is_cut_after_two_minutes()
    {
        using LinkOwner owner = new(1, _time);
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
        MemoryTorrent into = new(1_000_000);
        link.Lease(into, First);
        byte[] block = new WireScript().AddPiece(First, 1).Bytes;
        for (int i = 0; i < 13; i++)
        {
            long before = link.Link.Traffic.ReceivedBytes;
            await peer.SendAsync(block.AsMemory(i * 20, 20));
            await LinkOwner.WaitAsync(() => link.Link.Traffic.ReceivedBytes == before + 20);
            _time.Advance(TimeSpan.FromSeconds(i < 12 ? 9 : 12));
        }
        Assert.Equal(LinkCloseReason.MessageTimeout, await owner.EndAsync());
        Assert.Equal((1, 1, 0), (into.Claims, into.Abandoned, into.OpenClaims));
    }

    [Fact]
    public async Task A_silent_link_is_kept_alive_by_us_and_cut_after_three_minutes()
    {
        using LinkOwner owner = new(1, _time);
        (RawPeer peer, _) = await RawPeer.JoinAsync(owner);
        _time.Advance(TimeSpan.FromSeconds(101));
        await peer.ExpectAsync(new WireScript().Add(new PeerMessage(PeerMessageKind.KeepAlive)));
        _time.Advance(TimeSpan.FromSeconds(80));
        Assert.Equal(LinkCloseReason.Idle, await owner.EndAsync());
        await peer.ExpectEndAsync();
        Assert.Equal(0, _time.ScheduledTimers);
    }

    [Fact]
    public async Task Keep_alives_of_the_peer_keep_the_link()
    {
        using LinkOwner owner = new(1, _time);
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
        for (int i = 1; i <= 4; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(120));
            await peer.SendAsync(new WireScript().Add(new PeerMessage(PeerMessageKind.KeepAlive)));
            await LinkOwner.WaitAsync(() => link.Link.Traffic.ReceivedBytes == 4 * i);
        }
        Assert.False(owner.TryNext(out _));
        Assert.Equal(1, owner.Host.Sweep.Count);
    }

    [Theory]
    [InlineData(false, LinkCloseReason.Remote)]
    [InlineData(true, LinkCloseReason.Reset)]
    internal async Task Connections_that_end_mid_message_leave_nothing_behind(bool isReset, LinkCloseReason expected)
    {
        using LinkOwner owner = new(1, _time);
        MemoryTorrent into = new(100 * 16384);
        List<BlockAddress> blocks = into.Blocks();
        for (int i = 0; i < 100; i++)
        {
            (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
            link.Lease(into, blocks[i], blocks[(i + 1) % 100]);
            await peer.ReceiveAsync(2 * PeerWriter.BlockMessageLength);
            await peer.SendAsync(new WireScript().AddPiece(blocks[i], i).Bytes.AsMemory(0, 13 + i * 100));
            await LinkOwner.WaitAsync(() => link.Link.Traffic.ReceivedBytes >= 13 + i * 100);
            if (isReset)
                peer.Reset();
            else
                peer.Dispose();
            Assert.Equal(expected, await owner.EndAsync());
        }
        Assert.Equal((100, 100, 0), (into.Claims, into.Abandoned, into.OpenClaims));
        Assert.Equal((0, 0), (owner.Host.Sweep.Count, owner.Host.Threads.Running));
        Assert.Equal(0, _time.ScheduledTimers);
    }

    [Fact]
    public async Task A_refused_connection_a_wrong_hash_and_ourselves_have_their_reasons()
    {
        using LinkOwner owner = new(1, _time), other = new(2, _time);
        using var closed = new ClosedPort();
        Assert.Equal(LinkCloseReason.ConnectedToSelf, await DialAndAnswerAsync(owner, owner.Ours));
        Assert.Equal(LinkCloseReason.WrongInfoHash, await DialAndAnswerAsync(owner, other.Ours with { InfoHash = default }));
        owner.Dial(PeerAddress.From(closed.EndPoint));
        Assert.Equal(LinkCloseReason.ConnectFailed, (await owner.NextAsync("closed")).Reason);
        await LinkOwner.WaitAsync(() => owner.Host.Sweep.Count == 0);
    }

    [Fact]
    public async Task A_closed_dial_ends_once_with_the_first_reason()
    {
        using LinkOwner owner = new(1, _time);
        using Socket silent = Silent();
        IPeerLink link = owner.Dial(PeerAddress.From((IPEndPoint)silent.LocalEndPoint!));
        link.Close(LinkCloseReason.Banned);
        link.Close(LinkCloseReason.Local);
        Assert.Equal(LinkCloseReason.Banned, (await owner.NextAsync("closed")).Reason);
        Assert.False(owner.TryNext(out _));
    }

    [Fact]
    public async Task Disposing_the_host_ends_every_link()
    {
        LinkOwner first = new(1), second = new(2);
        (IPeerLink mine, _) = await first.ConnectAsync(second);
        first.Dispose();
        Assert.Equal(LinkCloseReason.Shutdown, await first.EndAsync());
        Assert.Equal(LinkCloseReason.Remote, await second.EndAsync());
        mine.Send(PeerMessage.Have(1));
        mine.Close(LinkCloseReason.Local);
        second.Dispose();
    }

    [Fact]
    public async Task A_destination_that_throws_costs_its_link_only()
    {
        using LinkOwner owner = new(1, _time);
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
        link.Link.Lease([new BlockLease(First, new BrokenDestination())], 0);
        await peer.SendAsync(new WireScript().AddPiece(First, 1));
        Assert.Equal(LinkCloseReason.Failed, await owner.EndAsync());
        (RawPeer _, TcpLinkUnderTest _) = await RawPeer.JoinAsync(owner);
    }

    private static async Task<LinkCloseReason> DialAndAnswerAsync(LinkOwner owner, Handshake answer)
    {
        using Socket listener = Silent();
        owner.Dial(PeerAddress.From((IPEndPoint)listener.LocalEndPoint!));
        using RawPeer peer = new(await listener.AcceptAsync());
        var bytes = new byte[Handshake.Length];
        answer.Write(bytes);
        await peer.SendAsync(bytes);
        return (await owner.NextAsync("closed")).Reason;
    }

    private static Socket Silent()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    private sealed class BrokenDestination : IBlockDestination
    {
        public bool TryClaim(in BlockAddress block, int linkId, out Memory<byte> memory) => throw new InvalidOperationException("Planted.");

        public void Complete(in BlockAddress block, int linkId)
        {
        }

        public void Abandon(in BlockAddress block, int linkId)
        {
        }
    }
}
