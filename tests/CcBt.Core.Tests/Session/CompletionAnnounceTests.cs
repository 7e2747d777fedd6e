using CcBt.Core.Session;
using CcBt.Core.Trackers;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Session;

/// <summary>Trackers count a download where there was one.</summary>
public sealed class CompletionAnnounceTests
{
    private readonly CoreHarness _client = new();

    [Fact]
    public void A_torrent_that_is_found_complete_is_told_as_a_seed_and_not_as_a_download()
    {
        _client.Edges.Files = static order =>
        {
            var all = new PieceSet(order.Torrent.PieceCount);
            all.Fill();
            return all;
        };
        SessionFront front = _client.Add(change: static o => o with { Trackers = ["http://tracker.example/announce"] });
        _ = _client.Start(front);
        for (int i = 0; i < 20; i++)
        {
            foreach ((int Id, AnnounceOrder Order) announce in _client.Edges.Announces)
                _client.Edges.Answer(announce);
            _client.Advance(10);
        }
        Assert.True(front.Core.Progress.IsComplete);
        Assert.Equal([AnnounceEvent.Started, AnnounceEvent.None], _client.Edges.Announces.Select(a => a.Order.Request.Event));
        Assert.Equal(0, _client.Edges.Announces[^1].Order.Request.LeftBytes);
    }
}
