using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class SparingTests
{
    private readonly TorrentSwarm _swarm = new(new SwarmOptions(), new Random(1));
    private readonly List<(int Link, BlockAddress Block)> _leased = [];
    private readonly List<(int Link, BlockAddress Block)> _cancelled = [];
    private readonly List<int> _discarded = [];
    private int _pieces = 100;

    [Fact]
    public void A_piece_that_spread_while_it_waited_at_a_seed_gives_way_to_a_rarer_one()
    {
        Arm(pieceLength: 64 * 1024);
        int waits = _leased[^1].Block.Piece;
        _leased.Clear();
        Say(2, PeerMessage.Have(waits), 0.1);
        Assert.Equal(4, _cancelled.Count(c => c.Link == 1 && c.Block.Piece == waits));
        Assert.Equal([waits], _discarded);
        Assert.Equal(4, _leased.Count(l => l.Link == 1));
        Assert.DoesNotContain(_leased, l => l.Block.Piece == waits);
    }

    [Fact]
    public void A_piece_that_spread_gives_way_to_a_rarer_one_behind_it_in_the_queue()
    {
        _pieces = 4;
        Arm(pieceLength: 64 * 1024);
        int second = _leased[4].Block.Piece, last = _leased[^1].Block.Piece;
        Say(2, PeerMessage.Have(last), 0.1);
        Assert.Empty(_discarded);
        Say(2, PeerMessage.Have(second), 0.2);
        Assert.Equal([second], _discarded);
        Assert.Equal(4, _cancelled.Count(c => c.Link == 1 && c.Block.Piece == second));
    }

    [Fact]
    public void What_gave_way_is_not_asked_again_for_three_seconds()
    {
        Arm(pieceLength: 64 * 1024);
        int first = _leased[0].Block.Piece, waits = _leased[^1].Block.Piece;
        Say(2, PeerMessage.Have(waits), 0.1);
        var wanted = new PieceSet(_pieces);
        wanted.Add(first);
        wanted.Add(waits);
        _swarm.SetWanted(wanted, Seconds(0.2));
        Drain();
        _leased.Clear();
        foreach (double at in (double[])[0.5, 3])
        {
            _swarm.Advance(Seconds(at));
            Drain();
            Assert.Empty(_leased);
        }
        _swarm.Advance(Seconds(3.5));
        Drain();
        Assert.Equal(4, _leased.Count(l => l.Link == 1 && l.Block.Piece == waits));
    }

    [Fact]
    public void A_piece_that_is_about_to_come_is_left_alone()
    {
        Arm(pieceLength: 64 * 1024);
        Say(2, PeerMessage.Have(_leased[0].Block.Piece), 0.1);
        Assert.Empty(_cancelled);
        Assert.Empty(_discarded);
    }

    [Fact]
    public void The_answer_to_a_cancel_is_no_refusal()
    {
        Arm(pieceLength: 64 * 1024);
        int piece = _leased[^1].Block.Piece;
        BlockAddress[] asked = [.. _leased.Where(l => l.Block.Piece == piece).Select(static l => l.Block)];
        _swarm.SetWanted(All(piece), Seconds(0.1));
        Drain();
        foreach (BlockAddress block in asked)
            Say(1, PeerMessage.Reject(block), 0.2);
        _leased.Clear();
        var only = new PieceSet(_pieces);
        only.Add(piece);
        _swarm.SetWanted(only, Seconds(0.3));
        Drain();
        Assert.Equal(asked.Length, _leased.Count(l => l.Link == 1 && l.Block.Piece == piece));
    }

    [Fact]
    public void While_there_is_no_place_for_more_pieces_those_that_were_begun_go_on()
    {
        Arm(pieceLength: 1 << 20);
        BlockReceipt[] received = [.. _leased.Select(static l => new BlockReceipt(l.Block, true))];
        int begun = _leased[0].Block.Piece;
        _leased.Clear();
        _swarm.DiskBusy(true, Seconds(0.5));
        _swarm.BlocksReceived(1, received, 0, Seconds(1));
        Drain();
        Assert.NotEmpty(_leased);
        Assert.All(_leased, l => Assert.Equal(begun, l.Block.Piece));
    }

    [Fact]
    public void What_got_no_place_is_not_begun()
    {
        Arm(pieceLength: 64 * 1024);
        BlockAddress[] refused = [.. _leased.Select(static l => l.Block)];
        _leased.Clear();
        _swarm.LeaseRefused(1, refused, Seconds(0.1));
        _swarm.DiskBusy(true, Seconds(0.1));
        _swarm.Advance(Seconds(1));
        Drain();
        Assert.Equal(0, _swarm.Snapshot(Seconds(1)).OpenPieces);
        Assert.Empty(_leased);
        _swarm.DiskBusy(false, Seconds(2));
        Drain();
        Assert.NotEmpty(_leased);
    }

    [Fact]
    public void The_end_of_a_download_from_unequal_peers_wastes_next_to_nothing()
    {
        var small = new PieceMap(100, 256 * 1024, 100L * 256 * 1024);
        var swarm = new VirtualSwarm(small, 7);
        double[] rates = [2_000_000, 500_000, 100_000, 30_000];
        for (int i = 0; i < rates.Length; i++)
            swarm.Add(new VirtualPeer(VirtualSwarm.Address(i)) { BytesPerSecond = rates[i] });
        Assert.True(swarm.Start().RunToEnd(TimeSpan.FromSeconds(60)));
        Assert.InRange(swarm.CompletedAt!.Value.TotalSeconds, 9.9, 12);
        Assert.InRange(swarm.Swarm.Snapshot(swarm.Now).WastedBytes, 0, 8 * BlockAddress.Size);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private PieceSet All(int but = -1)
    {
        var all = new PieceSet(_pieces);
        for (int piece = 0; piece < _pieces; piece++)
        {
            if (piece != but)
                all.Add(piece);
        }
        return all;
    }

    /// <summary>Link 1 is a seed that unchokes, link 2 has nothing yet.</summary>
    private void Arm(int pieceLength)
    {
        _swarm.SetBudget(new ConnectionBudget(20, 5), TimeSpan.Zero);
        _swarm.Arm(new PieceMap(_pieces, pieceLength, (long)_pieces * pieceLength), new PieceSet(_pieces), All(), TimeSpan.Zero);
        for (int link = 1; link <= 2; link++)
            _swarm.LinkOpened(link, VirtualSwarm.Address(link), true, true, TimeSpan.Zero);
        Say(2, new PeerMessage(PeerMessageKind.HaveNone), 0);
        Say(1, new PeerMessage(PeerMessageKind.HaveAll), 0);
        Say(1, new PeerMessage(PeerMessageKind.Unchoke), 0);
        Assert.Equal(16, _leased.Count);
    }

    private void Say(int link, in PeerMessage message, double at)
    {
        Assert.Equal(SwarmError.None, _swarm.Handle(link, message, Seconds(at)));
        Drain();
    }

    private void Drain()
    {
        while (_swarm.TryTake(out SwarmOutput output))
        {
            foreach (BlockAddress block in _swarm.Blocks)
            {
                if (output.Kind == SwarmOutputKind.Lease)
                    _leased.Add((output.Link, block));
                else if (output.Kind == SwarmOutputKind.CancelBlocks)
                    _cancelled.Add((output.Link, block));
            }
            if (output.Kind == SwarmOutputKind.DiscardPiece)
                _discarded.Add(output.Piece);
        }
    }
}
