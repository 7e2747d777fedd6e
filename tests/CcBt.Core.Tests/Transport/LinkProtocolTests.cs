using CcBt.Core.Tests.Wire;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

public sealed class LinkProtocolTests
{
    private static readonly BlockAddress First = new(0, 0, 16384);
    private static readonly BlockAddress Second = new(0, 16384, 16384);
    private static readonly PeerMessage ChokeMessage = new(PeerMessageKind.Choke);
    private static readonly PeerMessage UnchokeMessage = new(PeerMessageKind.Unchoke);

    [Fact]
    public async Task Nothing_is_sent_before_the_owner_accepts()
    {
        using LinkOwner owner = new(1);
        using RawPeer peer = await RawPeer.ConnectAsync(owner.Listener.Local);
        await peer.SendHandshakeAsync();
        LinkNote arrived = await owner.NextAsync("arrived");
        Assert.Equal(LinkOwner.Hash, arrived.Theirs.InfoHash);
        arrived.Link.Close(LinkCloseReason.Local);
        await peer.ExpectEndAsync();
        Assert.Equal(LinkCloseReason.Local, await owner.EndAsync());
        Assert.Equal(0, arrived.Link.Traffic.SentBytes);
    }

    [Fact]
    public async Task Messages_queued_together_leave_in_order_behind_the_handshake()
    {
        using LinkOwner owner = new(1);
        using RawPeer peer = await RawPeer.ConnectAsync(owner.Listener.Local);
        await peer.SendHandshakeAsync();
        IPeerLink link = (await owner.NextAsync("arrived")).Link;
        link.Send(PeerMessage.Have(1));
        link.Accept(owner.Ours, owner.Plan);
        link.Send(PeerMessage.Have(2));
        MemoryTorrent into = new(1_000_000);
        link.Lease(into.Leases([First, Second]), 0);
        await peer.ReceiveAsync(Handshake.Length);
        await peer.ExpectAsync(new WireScript().Add(PeerMessage.Have(1)).Add(PeerMessage.Have(2)).Add(PeerMessage.Request(First)).Add(PeerMessage.Request(Second)));
    }

    [Fact]
    public async Task A_block_that_two_links_deliver_is_used_once()
    {
        using LinkOwner owner = new(1);
        MemoryTorrent into = new(1_000_000);
        (RawPeer firstPeer, TcpLinkUnderTest first) = await RawPeer.JoinAsync(owner);
        (RawPeer secondPeer, TcpLinkUnderTest second) = await RawPeer.JoinAsync(owner);
        first.Lease(into, First);
        second.Lease(into, First);
        await firstPeer.SendAsync(new WireScript().AddPiece(First, 1));
        PeerReport report = (await owner.NextAsync("reported")).Report!;
        Assert.Equal([new BlockReceipt(First, true)], report.Blocks);
        Assert.Equal(0, report.OutstandingLeases);
        await secondPeer.SendAsync(new WireScript().AddPiece(First, 2));
        Assert.Equal([new BlockReceipt(First, false)], (await owner.NextAsync("reported")).Report!.Blocks);
        Assert.Equal(1, into.Claims);
        Assert.Equal(new WireScript().AddPiece(First, 1).Bytes[13..], into.Data[..16384]);
    }

    [Fact]
    public async Task A_block_that_was_not_leased_is_skipped()
    {
        using LinkOwner owner = new(1);
        MemoryTorrent into = new(1_000_000);
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
        link.Lease(into, First);
        BlockAddress wrong = First with { Length = 16383 };
        await peer.SendAsync(new WireScript().AddPiece(Second, 1).AddPiece(wrong, 1).Add(PeerMessage.Have(3)));
        PeerReport report = (await owner.NextAsync("reported")).Report!;
        Assert.Equal([new BlockReceipt(Second, false), new BlockReceipt(wrong, false)], report.Blocks);
        Assert.Equal(1, report.OutstandingLeases);
        Assert.Equal(0, into.Claims);
    }

    [Fact]
    public async Task A_rejected_block_is_no_longer_leased()
    {
        using LinkOwner owner = new(1);
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
        link.Lease(new MemoryTorrent(1_000_000), First, Second);
        await peer.SendAsync(new WireScript().Add(PeerMessage.Reject(First)));
        PeerReport report = (await owner.NextAsync("reported")).Report!;
        Assert.Equal(PeerMessage.Reject(First), Assert.Single(report.Messages));
        Assert.Equal(1, report.OutstandingLeases);
    }

    [Fact]
    public async Task A_choke_voids_the_leases_only_without_the_fast_extension()
    {
        foreach (bool useFast in new[] { true, false })
        {
            using LinkOwner owner = new(1) { Plan = new LinkPlan(LinkBudget.Unlimited, useFast) };
            (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
            MemoryTorrent into = new(1_000_000);
            link.Lease(into, First);
            await peer.ExpectAsync(new WireScript().Add(PeerMessage.Request(First)));
            await peer.SendAsync(new WireScript().Add(ChokeMessage));
            Assert.Equal(useFast ? 1 : 0, (await owner.NextAsync("reported")).Report!.OutstandingLeases);
            link.Lease(into, Second);
            await peer.SendAsync(new WireScript().Add(UnchokeMessage));
            Assert.Equal(useFast ? 2 : 0, (await owner.NextAsync("reported")).Report!.OutstandingLeases);
            link.Lease(into, Second);
            await peer.ExpectAsync(new WireScript().Add(PeerMessage.Request(Second)));
        }
    }

    [Fact]
    public async Task A_cancel_takes_back_what_is_not_being_received()
    {
        using LinkOwner owner = new(1);
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
        MemoryTorrent into = new(1_000_000);
        link.Lease(into, First, Second);
        byte[] block = new WireScript().AddPiece(First, 1).Bytes;
        await peer.SendAsync(new WireScript().Add(PeerMessage.Have(0)).Bytes);
        await owner.NextMessageAsync(PeerMessageKind.Have);
        await peer.SendAsync((byte[])[.. new WireScript().Add(PeerMessage.Have(1)).Bytes, .. block[..100]]);
        await owner.NextMessageAsync(PeerMessageKind.Have);
        Assert.Equal(1, into.OpenClaims);
        link.Cancel(First, Second);
        await peer.ExpectAsync(new WireScript().Add(PeerMessage.Request(First)).Add(PeerMessage.Request(Second)).Add(PeerMessage.Cancel(Second)));
        await peer.SendAsync(block.AsMemory(100));
        PeerReport report = (await owner.NextAsync("reported")).Report!;
        Assert.Equal([new BlockReceipt(First, true)], report.Blocks);
        Assert.Equal(0, report.OutstandingLeases);
    }

    [Fact]
    public async Task Reports_are_coalesced_down_to_the_mark()
    {
        using LinkOwner owner = new(1);
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
        MemoryTorrent into = new(1_000_000);
        BlockAddress[] blocks = [.. into.Blocks().Take(4)];
        link.Link.Lease(into.Leases(blocks), 2);
        await peer.SendAsync(new WireScript().AddPiece(blocks[0], 1));
        await peer.SendAsync(new WireScript().AddPiece(blocks[1], 1));
        LinkNote note = await owner.NextAsync("reported");
        Assert.Equal((2, 2), (note.Report!.Blocks.Count, note.Report.OutstandingLeases));
        await peer.SendAsync(new WireScript().AddPiece(blocks[2], 1));
        await peer.SendAsync(new WireScript().AddPiece(blocks[3], 1));
        note = await owner.NextAsync("reported");
        Assert.Equal((2, 0), (note.Report!.Blocks.Count, note.Report.OutstandingLeases));
        link.Link.FlushReport();
        Assert.False(owner.TryNext(out _));
    }

    [Fact]
    public async Task A_protocol_error_ends_the_link()
    {
        using LinkOwner owner = new(1);
        (RawPeer peer, _) = await RawPeer.JoinAsync(owner);
        await peer.SendAsync(new WireScript().Add(PeerMessage.Have(1)).AddRaw(0, [1]));
        await peer.ExpectEndAsync();
        await owner.NextMessageAsync(PeerMessageKind.Have);
        Assert.Equal(LinkCloseReason.ProtocolError, await owner.EndAsync());
    }
}
