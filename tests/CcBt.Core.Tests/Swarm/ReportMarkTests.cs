using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>When a link that was given requests is to report what has come.</summary>
public sealed class ReportMarkTests
{
    private const int Window = 16;

    private readonly LinkTable _links = new();
    private readonly Outbox _outbox = new();
    private readonly LeaseDesk _desk;

    public ReportMarkTests() => _desk = new LeaseDesk(_links, _outbox, new SwarmOptions());

    [Theory]
    [InlineData(0, false, Window - 1 - Window / 8)]
    [InlineData(100, true, Window / 2)]
    [InlineData(100, false, Window / 2)]
    public void What_only_a_seed_has_while_others_share_it_is_reported_early(int piecesOfTheOther, bool isOtherSeed, int mark)
    {
        PieceWork work = Arm(pieces: 100, blocks: 2);
        SwarmLink seed = Open(work, 1, Window), other = Open(work, 2, Window, isOtherSeed ? 100 : 0);
        for (int piece = 0; !isOtherSeed && piece < piecesOfTheOther; piece++)
        {
            other.Pieces.Add(piece, out _);
            work.Order!.Rise(piece);
        }
        Assert.Equal([(1, Window, mark)], Settle(seed));
    }

    [Fact]
    public void Who_could_take_more_than_is_left_reports_each_block()
    {
        PieceWork work = Arm(pieces: 1, blocks: 4);
        Assert.Equal([(1, 4, 3)], Settle(Open(work, 1, Window)));
    }

    [Fact]
    public void Once_no_piece_is_left_to_begin_who_waits_for_blocks_is_told_to_report_each()
    {
        PieceWork work = Arm(pieces: 2, blocks: 4);
        SwarmLink first = Open(work, 1, Window, pieces: 1), second = Open(work, 2, limit: 4);
        Assert.Equal([(1, 4, 2)], Settle(first));
        Assert.Empty(Settle(first));
        Assert.Single(Settle(second));
        Assert.Equal([(1, 0, 3)], Settle(first));
    }

    [Fact]
    public void Who_has_no_request_open_is_told_nothing()
    {
        PieceWork work = Arm(pieces: 1, blocks: 4);
        Settle(Open(work, 1, limit: 4));
        Assert.Empty(Settle(Open(work, 2, limit: 4)));
    }

    [Fact]
    public void Who_is_woken_twice_is_told_once()
    {
        PieceWork work = Arm(pieces: 1, blocks: 4);
        SwarmLink link = Open(work, 1, Window);
        Settle(link);
        _desk.Wake(link);
        Assert.Equal([(1, 0, 3)], Settle(link));
    }

    private PieceWork Arm(int pieces, int blocks)
    {
        PieceSet all = new(pieces);
        all.Fill();
        var map = new PieceMap(pieces, blocks * BlockAddress.Size, (long)pieces * blocks * BlockAddress.Size);
        _desk.Arm(new PieceWork(map, new PieceSet(pieces), all, new SwarmOptions(), new Random(1), []));
        return _desk.Work!;
    }

    /// <summary>A peer that lets us download and takes so many requests; it has the first pieces, or all.</summary>
    private SwarmLink Open(PieceWork work, int id, int limit, int pieces = int.MaxValue)
    {
        var link = new SwarmLink(id, VirtualSwarm.Address(id), true, true, TimeSpan.Zero) { PeerChoking = false };
        link.Window.SetLimit(limit);
        Assert.True(link.Pieces.TryArm(work.Map.PieceCount));
        if (pieces >= work.Map.PieceCount)
            link.Pieces.SetAll();
        for (int piece = 0; piece < pieces && !link.IsSeed; piece++)
            link.Pieces.Add(piece, out _);
        work.Order!.AddPeer(link.Pieces);
        _links.Add(link);
        return link;
    }

    private List<(int Link, int Blocks, int Mark)> Settle(SwarmLink link)
    {
        _desk.Wake(link);
        _desk.Settle(TimeSpan.Zero);
        List<(int, int, int)> leases = [];
        while (_outbox.TryTake(out SwarmOutput output))
            leases.Add((output.Link, output.BlockCount, output.ReportMark));
        return leases;
    }
}
