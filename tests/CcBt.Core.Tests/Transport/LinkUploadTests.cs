using CcBt.Core.Tests.Wire;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

public sealed class LinkUploadTests
{
    private static readonly BlockAddress First = new(0, 0, 16384);
    private static readonly BlockAddress Second = new(0, 16384, 16384);
    private static readonly PeerMessage ChokeMessage = new(PeerMessageKind.Choke);
    private static readonly PeerMessage UnchokeMessage = new(PeerMessageKind.Unchoke);

    private readonly MemoryTorrent _torrent = new(1_000_000, seed: 9);

    [Fact]
    public async Task Requests_are_served_after_the_unchoke_and_refused_before_and_behind()
    {
        using LinkOwner owner = new(1);
        (RawPeer peer, IPeerLink link) = await JoinAsync(owner);
        await peer.SendAsync(new WireScript().Add(PeerMessage.Request(First)));
        await peer.ExpectAsync(new WireScript().Add(PeerMessage.Reject(First)));
        link.Unchoke(_torrent);
        await peer.ExpectAsync(new WireScript().Add(UnchokeMessage));
        await peer.SendAsync(new WireScript().Add(PeerMessage.Request(First)).Add(PeerMessage.Request(Second)));
        await ExpectBlockAsync(peer, First);
        await ExpectBlockAsync(peer, Second);
        link.Choke();
        await peer.ExpectAsync(new WireScript().Add(ChokeMessage));
        await peer.SendAsync(new WireScript().Add(PeerMessage.Request(Second)));
        await peer.ExpectAsync(new WireScript().Add(PeerMessage.Reject(Second)));
        Assert.Equal(32768, link.Traffic.PayloadSentBytes);
    }

    [Fact]
    public async Task An_allowed_piece_is_served_while_choked_and_another_is_not()
    {
        using LinkOwner owner = new(1);
        (RawPeer peer, IPeerLink link) = await JoinAsync(owner);
        link.AllowFast(_torrent, [0, 2]);
        await peer.ExpectAsync(new WireScript().Add(PeerMessage.AllowedFast(0)).Add(PeerMessage.AllowedFast(2)));
        var other = new BlockAddress(1, 0, 16384);
        await peer.SendAsync(new WireScript().Add(PeerMessage.Request(Second)));
        await ExpectBlockAsync(peer, Second);
        await peer.SendAsync(new WireScript().Add(PeerMessage.Request(other)));
        await peer.ExpectAsync(new WireScript().Add(PeerMessage.Reject(other)));
        Assert.Equal(16384, link.Traffic.PayloadSentBytes);
    }

    [Fact]
    public async Task Without_the_fast_extension_nothing_is_rejected()
    {
        using LinkOwner owner = new(1) { Plan = new LinkPlan(LinkBudget.Unlimited, UseFast: false) };
        (RawPeer peer, IPeerLink link) = await JoinAsync(owner);
        await peer.SendAsync(new WireScript().Add(PeerMessage.Request(First)).Add(PeerMessage.Have(1)));
        await owner.NextMessageAsync(PeerMessageKind.Have);
        link.Unchoke(_torrent);
        await peer.ExpectAsync(new WireScript().Add(UnchokeMessage));
        await peer.SendAsync(new WireScript().Add(PeerMessage.Request(Second)));
        await ExpectBlockAsync(peer, Second);
    }

    [Fact]
    public async Task Invalid_requests_are_counted_and_too_many_end_the_link()
    {
        using LinkOwner owner = new(1);
        (RawPeer peer, IPeerLink link) = await JoinAsync(owner);
        _torrent.Missing.Add(3);
        link.Unchoke(_torrent);
        await peer.ExpectAsync(new WireScript().Add(UnchokeMessage));
        BlockAddress[] invalid =
        [
            new(3, 0, 16384), new(4, 0, 16384), new(-1, 0, 16384), new(0, -1, 16384), new(0, 0, 0), new(0, 0, 16385), new(0, 0, -5),
            new(0, MemoryTorrent.PieceLength - 1, 2), new(0, int.MaxValue, 16384), new(3, 1_000_000 - 3 * MemoryTorrent.PieceLength - 1, 2),
        ];
        foreach (BlockAddress block in invalid)
        {
            await peer.SendAsync(new WireScript().Add(PeerMessage.Request(block)));
            await peer.ExpectAsync(new WireScript().Add(PeerMessage.Reject(block)));
        }
        WireScript flood = new();
        for (int i = 0; i <= Limits.InvalidRequests; i++)
            flood.Add(PeerMessage.Request(invalid[i % invalid.Length]));
        await peer.SendAsync(flood);
        await peer.ExpectEndAsync();
        Assert.Equal(LinkCloseReason.ProtocolError, await owner.EndAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_peer_that_asks_for_metadata_and_does_not_read_it_is_let_go(int tooMany)
    {
        using LinkOwner owner = new(1);
        using RawPeer peer = await RawPeer.ConnectAsync(owner.Listener.Local);
        await peer.SendHandshakeAsync();
        // Until the link is accepted nothing leaves, as to a peer that does not read.
        IPeerLink link = (await owner.NextAsync("arrived")).Link;
        PeerMessage metadata = PeerMessage.Extended(3, new byte[Limits.MetadataPieceBytes]);
        int most = Limits.SendPayloadQueueBytes / PeerWriter.LengthOf(metadata);
        for (int i = 0; i < most + tooMany; i++)
            link.Send(metadata);
        if (tooMany > 0)
        {
            Assert.Equal(LinkCloseReason.MessageTimeout, await owner.EndAsync());
            return;
        }
        link.Accept(owner.Ours, owner.Plan);
        await peer.ReceiveAsync(Handshake.Length + most * PeerWriter.LengthOf(metadata));
        Assert.False(owner.HasNotes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_peer_that_reads_nothing_is_let_go_at_the_bound_of_what_waits_for_it(int tooMany)
    {
        using LinkOwner owner = new(1);
        using RawPeer peer = await RawPeer.ConnectAsync(owner.Listener.Local);
        await peer.SendHandshakeAsync();
        IPeerLink link = (await owner.NextAsync("arrived")).Link;
        int most = Limits.SendQueueBytes / PeerWriter.LengthOf(PeerMessage.Have(0));
        for (int i = 0; i < most + tooMany; i++)
            link.Send(PeerMessage.Have(i));
        if (tooMany > 0)
        {
            Assert.Equal(LinkCloseReason.MessageTimeout, await owner.EndAsync());
            return;
        }
        link.Accept(owner.Ours, owner.Plan);
        await peer.ReceiveAsync(Handshake.Length + most * PeerWriter.LengthOf(PeerMessage.Have(0)));
        Assert.False(owner.HasNotes);
    }

    [Fact]
    public async Task Many_pieces_can_be_told_one_by_one()
    {
        using LinkOwner owner = new(1);
        (RawPeer peer, IPeerLink link) = await JoinAsync(owner);
        using RawPeer slow = peer;
        for (int piece = 0; piece < 200_000; piece++)
            link.Send(PeerMessage.Have(piece));
        await peer.ReceiveAsync(200_000 * PeerWriter.LengthOf(PeerMessage.Have(0)));
        Assert.False(owner.HasNotes);
    }

    private async Task<(RawPeer Peer, IPeerLink Link)> JoinAsync(LinkOwner owner)
    {
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
        link.Link.SetLayout(_torrent.Layout);
        return (peer, link.Link);
    }

    private async Task ExpectBlockAsync(RawPeer peer, BlockAddress block)
    {
        var head = new byte[PeerWriter.PieceHeadLength];
        PeerWriter.WritePieceHead(block, head);
        Assert.Equal(head, await peer.ReceiveAsync(head.Length));
        byte[] payload = await peer.ReceiveAsync(block.Length);
        Assert.True(payload.AsSpan().SequenceEqual(_torrent.Data.AsSpan(block.Piece * MemoryTorrent.PieceLength + block.Begin, block.Length)));
    }
}
