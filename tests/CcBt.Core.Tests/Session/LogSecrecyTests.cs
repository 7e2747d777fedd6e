using System.Net;
using CcBt.Core.Session;
using CcBt.Core.Tests.Metainfo;
using CcBt.Core.Trackers;
using CcBt.Core.Transport;

namespace CcBt.Core.Tests.Session;

/// <summary>What ends in a log: no pass keys, and no characters that could forge a line.</summary>
public sealed class LogSecrecyTests
{
    private const string Tracker = "http://user:PASSWORD@t.example:81/announce/PASSKEY?k=PASSKEY";

    [Fact]
    public void No_line_holds_a_pass_key()
    {
        var client = new CoreHarness();
        SessionFront front = client.Add(change: o => o with { Trackers = [Tracker] });
        client.Start(front);
        (int id, AnnounceOrder order) = Assert.Single(client.Edges.Announces);
        Assert.Equal(Tracker, order.Tracker.Text);
        client.Mailbox.Post(new AnnounceEndedMessage(id, AnnounceResult.Failed(order, TrackerFailure.ConnectFailed, "gone")));
        client.Advance(60);
        client.Edges.Answer(client.Edges.Announces[^1], CoreHarness.Peer(1));
        client.Advance(1);
        Assert.Contains(client.Log.Texts, line => line.Contains("http://t.example:81", StringComparison.Ordinal));
        Assert.All(client.Log.Texts, line => Assert.DoesNotContain("PASS", line, StringComparison.Ordinal));
    }

    [Fact]
    public void No_line_holds_a_control_character_or_one_that_turns_text()
    {
        const string evil = "a\nb\r\u001b[2J\u0085\u202Ec";
        var client = new CoreHarness();
        Torrent torrent = Torrent.Parse(TorrentBytes.Around(TorrentBytes.SingleInfo(evil)));
        SessionFront front = client.AddMagnet(torrent, StartMode.WhenPeersFound, Tracker);
        (int id, AnnounceOrder order) = Assert.Single(client.Edges.Announces);
        AnnounceReply refusal = new() { FailureReason = TrackerText.Clean(evil) };
        client.Mailbox.Post(new AnnounceEndedMessage(id, AnnounceResult.FromReply(order, refusal, CoreHarness.Peer(1))));
        client.Run();
        Assert.DoesNotContain(HttpAnswer.Failed(TrackerFailure.InvalidAnswer, evil).Message!, IsEvil);
        client.On(front, (s, now) => s.SetTorrent(torrent, now));
        client.Advance(1);
        Assert.Contains(client.Log.Texts, line => line.Contains("tracker", StringComparison.Ordinal));
        Assert.Contains(client.Log.Texts, line => line.Contains("metadata", StringComparison.Ordinal));
        Assert.All(client.Log.Texts, line => Assert.DoesNotContain(line, IsEvil));
    }

    [Fact]
    public async Task Ids_tokens_and_transactions_are_drawn_from_the_systems_secure_source()
    {
        await using ClientHost host = await ClientHost.OpenAsync(
            new TorrentClientOptions { ListenEndPoints = [new(IPAddress.Loopback, 0)], EnableDht = false, EnableLocalDiscovery = false }, default);
        Assert.IsType<SecureRandom>(host.Core.Random);
    }

    private static bool IsEvil(char c) => char.IsControl(c) || c == '\u202E';
}
