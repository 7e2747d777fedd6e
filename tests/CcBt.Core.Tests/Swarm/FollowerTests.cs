using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>A peer that goes by our suggestions gets everything else from others, who passed it on, even while it may download from us.</summary>
public sealed class FollowerTests
{
    private const int PieceLength = 64 * 1024;
    private static readonly PieceMap Map = new(40, PieceLength, 40L * PieceLength);

    private readonly LinkTable _links = new();
    private readonly SwarmLink _giver = Link(1), _other = Link(2);
    private readonly SeedHints _hints;

    public FollowerTests()
    {
        var outbox = new Outbox();
        var options = new SwarmOptions();
        var all = new PieceSet(Map.PieceCount);
        all.Fill();
        var desk = new LeaseDesk(_links, outbox, options);
        desk.Arm(new PieceWork(Map, all, all, options, new Random(1), []));
        _hints = new SeedHints(_links, outbox, desk, new Random(2));
        foreach (SwarmLink link in (SwarmLink[])[_giver, _other])
        {
            Assert.True(link.Pieces.TryArm(Map.PieceCount));
            _links.Add(link);
            link.AmUnchoking = true;
            Offer(link);
        }
        Meet(_giver, 1);
    }

    // It got two pieces and has eight to fetch, of which half may be under way.
    [Theory]
    [InlineData(2, 6 * PieceLength, 1)]
    [InlineData(2, 6 * PieceLength + 1, 0)]
    [InlineData(1, PieceLength, 0)]
    public void Only_who_gets_nothing_but_suggested_pieces_from_us_follows(int met, int uploaded, int passedOn)
    {
        Meet(_other, met);
        _other.Upload.Add(uploaded, TimeSpan.Zero);
        HadWhatTheGiverHad();
        Assert.Equal(passedOn, _giver.PassedOn);
    }

    [Fact]
    public void A_suggested_piece_came_from_us_whoever_else_has_it()
    {
        Meet(_other, 2);
        int suggested = _other.Hinted!.First();
        _hints.Had(_giver, suggested, sharers: 2, TimeSpan.Zero);
        _hints.Had(_other, suggested, sharers: 2, TimeSpan.Zero);
        Assert.Equal((0, 1), (_giver.PassedOn, _giver.Kept!.Count));
        HadWhatTheGiverHad();
        Assert.Equal(1, _giver.PassedOn);
    }

    [Fact]
    public void Each_turn_is_counted_anew()
    {
        Meet(_other, 2);
        _hints.Withdraw(_other);
        _other.Upload.Add(20 * PieceLength, TimeSpan.Zero);
        _other.UploadedAtUnchoke = _other.Upload.TotalBytes;
        Offer(_other);
        HadWhatTheGiverHad();
        Assert.Equal(0, _giver.PassedOn);
        Meet(_giver, 1);
        Meet(_other, 2);
        HadWhatTheGiverHad();
        Assert.Equal(1, _giver.PassedOn);
    }

    private void HadWhatTheGiverHad() => _hints.Had(_other, Assert.Single(_giver.Kept!).Key, sharers: 2, TimeSpan.Zero);

    private void Meet(SwarmLink link, int pieces)
    {
        for (int i = 0; i < pieces; i++)
            _hints.Had(link, link.Hinted!.First(), sharers: 2, TimeSpan.Zero);
    }

    private void Offer(SwarmLink link)
    {
        _hints.Offer(link, sharers: 2, TimeSpan.Zero);
        Assert.True(link.Hinted!.Count >= 8);
    }

    private static SwarmLink Link(int id) => new(id, VirtualSwarm.Address(id), isOutbound: true, isFast: true, TimeSpan.Zero);
}
