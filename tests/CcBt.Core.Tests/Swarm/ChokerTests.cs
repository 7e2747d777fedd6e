using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

public sealed class ChokerTests
{
    private readonly LinkTable _links = new();
    private readonly Outbox _outbox = new();
    private readonly Choker _choker;
    private readonly Dictionary<int, int> _unchokedSeconds = [];
    private int _changes;

    public ChokerTests() => _choker = new Choker(_links, _outbox, new SwarmOptions(), new Random(3));

    [Fact]
    public void Givers_keep_their_slots_and_free_riders_share_one_by_chance()
    {
        _choker.SetSlots(4, TimeSpan.Zero);
        Interested(20);
        Run(7200, link => link.Id <= 3 ? (1000 * link.Id + 50_000, 0) : (0, 10_000));
        Assert.All([1, 2, 3], id => Assert.InRange(_unchokedSeconds[id], 6400, 7200));
        Assert.All(Enumerable.Range(4, 17), id => Assert.InRange(_unchokedSeconds.GetValueOrDefault(id), 1, 1200));
    }

    [Fact]
    public void Nobody_is_choked_and_unchoked_more_than_once_in_ten_seconds()
    {
        _choker.SetSlots(4, TimeSpan.Zero);
        Interested(30);
        var random = new Random(4);
        Run(600, _ => (random.Next(100_000), 0));
        Assert.InRange(_changes, 10, 60 * 8);
    }

    [Fact]
    public void While_seeding_all_have_their_turns()
    {
        _choker.IsSeeding = true;
        _choker.SetSlots(4, TimeSpan.Zero);
        Interested(16);
        Run(3600, link => (0, link.AmUnchoking ? 1_000_000 : 0));
        Assert.Equal(16, _unchokedSeconds.Count);
        Assert.All(_unchokedSeconds.Values, seconds => Assert.InRange(seconds, 600, 1300));
    }

    [Fact]
    public void While_seeding_a_peer_that_takes_nothing_loses_its_slot()
    {
        _choker.IsSeeding = true;
        _choker.SetSlots(2, TimeSpan.Zero);
        Interested(4);
        Run(1200, link => (0, link.AmUnchoking && link.Id > 2 ? 1_000_000 : 0));
        Assert.All([1, 2], id => Assert.InRange(_unchokedSeconds[id], 30, 600));
    }

    [Fact]
    public void Who_only_takes_comes_after_everybody_else()
    {
        _choker.SetSlots(3, TimeSpan.Zero);
        Interested(10);
        Run(1800, link => (0, link.Id > 6 && link.AmUnchoking ? 10_000 : 0));
        Assert.All(Enumerable.Range(7, 4), id => Assert.InRange(_unchokedSeconds.GetValueOrDefault(id), 0, 270));
        Assert.All(Enumerable.Range(1, 6), id => Assert.InRange(_unchokedSeconds[id], 280, 1800));
    }

    [Fact]
    public void A_trickle_does_not_buy_a_slot()
    {
        _choker.SetSlots(4, TimeSpan.Zero);
        Interested(12);
        Run(1800, link => link.Id <= 3 ? (50_000, 50_000) : link.Id <= 6 ? (300, link.AmUnchoking ? 50_000 : 0) : (0, 0));
        Assert.All(Enumerable.Range(4, 3), id => Assert.InRange(_unchokedSeconds.GetValueOrDefault(id), 0, 450));
    }

    [Fact]
    public void While_seeding_those_who_gave_before_come_first()
    {
        _choker.IsSeeding = true;
        _choker.SetSlots(2, TimeSpan.Zero);
        Interested(8);
        _links.All[4].Gave(60_000_000, 60_000_000, TimeSpan.Zero);
        Run(150, link => (0, link.AmUnchoking ? 1_000_000 : 0));
        Assert.InRange(_unchokedSeconds[5], 30, 150);
        Assert.All([6, 7, 8], id => Assert.InRange(_unchokedSeconds.GetValueOrDefault(id), 0, _unchokedSeconds[5]));
    }

    [Fact]
    public void With_room_for_all_everybody_interested_is_unchoked_at_once()
    {
        _choker.SetSlots(8, TimeSpan.Zero);
        Interested(5);
        Assert.Equal(5, _choker.Unchoked);
        Run(120, _ => (0, 0));
        Assert.Equal(5, _choker.Unchoked);
        Assert.Equal(5, _changes);
        SwarmLink leaving = _links.All[0];
        leaving.PeerInterested = false;
        _choker.LostInterest(leaving, TimeSpan.FromSeconds(121));
        Assert.False(leaving.AmUnchoking);
    }

    [Fact]
    public void With_one_slot_everybody_has_it_by_chance_for_thirty_seconds_at_least()
    {
        _choker.SetSlots(1, TimeSpan.Zero);
        Interested(6);
        Run(3600, link => link.Id == 1 ? (50_000, 0) : (0, 0));
        Assert.Equal(6, _unchokedSeconds.Count);
        Assert.InRange(_changes, 40, 2 * 3600 / 30 + 2);
    }

    [Fact]
    public void New_peers_have_three_times_the_chance()
    {
        int young = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            var links = new LinkTable();
            var choker = new Choker(links, _outbox, new SwarmOptions(), new Random(seed));
            choker.SetSlots(1, TimeSpan.Zero);
            TimeSpan now = TimeSpan.FromSeconds(200);
            for (int id = 1; id <= 4; id++)
            {
                TimeSpan opened = id == 1 ? now - TimeSpan.FromSeconds(89) : now - TimeSpan.FromSeconds(90);
                links.Add(new SwarmLink(id, VirtualSwarm.Address(id), true, true, opened) { PeerInterested = true });
            }
            choker.Advance(now);
            young += links.Find(1)!.AmUnchoking ? 1 : 0;
        }
        Assert.InRange(young, 400 * 0.42, 400 * 0.58);
    }

    // Of two the other one had a single byte and gave nothing.
    [Theory]
    [InlineData(16 * 16384, 0, 0.5)]
    [InlineData(16 * 16384 + 1, 0, 0.2)]
    [InlineData(320_000, 9_999, 0.2)]
    [InlineData(320_000, 10_000, 0.5)]
    public void Who_had_more_than_a_small_gift_for_next_to_nothing_has_a_quarter_of_the_chance(int gift, int given, double share)
    {
        const int draws = 400;
        int taker = 0;
        TimeSpan now = TimeSpan.FromSeconds(1);
        for (int seed = 0; seed < draws; seed++)
        {
            var links = new LinkTable();
            var choker = new Choker(links, _outbox, new SwarmOptions(), new Random(seed));
            choker.SetSlots(1, TimeSpan.Zero);
            for (int id = 1; id <= 2; id++)
            {
                var link = new SwarmLink(id, VirtualSwarm.Address(id), true, true, TimeSpan.Zero) { PeerInterested = true };
                link.Upload.Add(id == 1 ? gift : 1, TimeSpan.Zero);
                link.Gave(id == 1 ? given : 0, id == 1 ? given : 0, TimeSpan.Zero);
                links.Add(link);
            }
            choker.Advance(choker.NextRound + now);
            taker += links.Find(1)!.AmUnchoking ? 1 : 0;
        }
        Assert.InRange(taker, draws * (share - 0.08), draws * (share + 0.08));
    }

    [Fact]
    public void A_slot_that_becomes_free_goes_to_the_next_at_once()
    {
        _choker.SetSlots(2, TimeSpan.Zero);
        Interested(4);
        Assert.Equal(2, _choker.Unchoked);
        SwarmLink gone = _links.All.First(l => l.AmUnchoking);
        gone.IsClosing = true;
        _choker.Gone(gone, TimeSpan.FromSeconds(1));
        Assert.Equal(2, _choker.Unchoked);
        SwarmLink bored = _links.All.First(l => l.AmUnchoking);
        bored.PeerInterested = false;
        _choker.LostInterest(bored, TimeSpan.FromSeconds(2));
        Assert.False(bored.AmUnchoking);
        Assert.Equal(2, _choker.Unchoked);
        Assert.Equal(2, _links.All.Count(l => l.AmUnchoking));
        SwarmLink waits = _links.All.First(l => !l.AmUnchoking);
        _choker.LostInterest(waits, TimeSpan.FromSeconds(3));
        _choker.Gone(waits, TimeSpan.FromSeconds(3));
        Assert.Equal(2, _choker.Unchoked);
    }

    [Fact]
    public void The_same_number_of_slots_begins_no_round()
    {
        _choker.SetSlots(2, TimeSpan.Zero);
        TimeSpan next = _choker.NextRound;
        Assert.Equal(TimeSpan.FromSeconds(10), next);
        _choker.SetSlots(2, TimeSpan.FromSeconds(5));
        Assert.Equal(next, _choker.NextRound);
        _choker.SetSlots(3, TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(15), _choker.NextRound);
        _choker.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(TimeSpan.FromSeconds(15), _choker.NextRound);
        _choker.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(TimeSpan.FromSeconds(25), _choker.NextRound);
    }

    [Fact]
    public void A_giver_that_stopped_giving_loses_its_slot()
    {
        _choker.SetSlots(2, TimeSpan.Zero);
        Interested(5);
        int stopsAt = 100, second = 0;
        Run(99, link => link.Id == 1 ? (50_000, 0) : (0, 0));
        Assert.True(_links.Find(1)!.AmUnchoking);
        _unchokedSeconds.Clear();
        for (second = stopsAt; second < stopsAt + 300; second++)
            _choker.Advance(TimeSpan.FromSeconds(second));
        Assert.Contains(_links.All, l => l.AmUnchoking && l.Id != 1);
        Assert.Equal(2, _choker.Unchoked);
    }

    [Fact]
    public void No_slots_means_nobody()
    {
        Interested(5);
        _choker.SetSlots(0, TimeSpan.Zero);
        Run(60, _ => (0, 0));
        Assert.Equal(0, _choker.Unchoked);
    }

    private void Interested(int count)
    {
        for (int id = 1; id <= count; id++)
        {
            var link = new SwarmLink(id, VirtualSwarm.Address(id), true, true, TimeSpan.Zero) { PeerInterested = true };
            _links.Add(link);
            _choker.BecameInterested(link, TimeSpan.Zero);
        }
    }

    private void Run(int seconds, Func<SwarmLink, (int Down, int Up)> rates)
    {
        for (int second = 1; second <= seconds; second++)
        {
            TimeSpan now = TimeSpan.FromSeconds(second);
            foreach (SwarmLink link in _links.All)
            {
                (int down, int up) = rates(link);
                link.Upload.Add(up, now);
                if (link.AmUnchoking)
                    _unchokedSeconds[link.Id] = _unchokedSeconds.GetValueOrDefault(link.Id) + 1;
                if (down == 0)
                    continue;
                link.Gave(down, down, now);
            }
            _choker.Advance(now);
            Assert.InRange(_choker.Unchoked, 0, _choker.Slots);
            while (_outbox.TryTake(out _))
                _changes++;
        }
    }
}
