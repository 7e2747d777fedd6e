using System.Net;
using System.Reflection;
using System.Text;
using CcBt.Core.Session;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Session;

/// <summary>What a session was added with comes back after a restart.</summary>
public sealed class KeptOptionsTests
{
    private static readonly AddTorrentOptions s_given = new()
    {
        SaveDirectory = Path.GetFullPath("/downloads/elsewhere"),
        Start = StartMode.WhenPeersFound,
        FileFilter = static _ => false,
        Peers = [new IPEndPoint(IPAddress.Parse("85.1.2.3"), 6881), new IPEndPoint(IPAddress.Parse("2001:db8::7"), 51413)],
        Trackers = ["udp://tracker.example:6969/announce", "http://other.example/announce"],
        TrustFiles = true,
        DownloadBytesPerSecond = 12_345,
        UploadBytesPerSecond = 678,
        MaxConnections = 7,
    };

    /// <summary>Options that come back in another form.</summary>
    private static readonly Dictionary<string, Action<SessionSetup>> s_elsewhere = new()
    {
        // A function cannot be written down; what it chose is.
        [nameof(AddTorrentOptions.FileFilter)] = setup => Assert.Equal([false], setup.Resume!.Wanted!),
        // They count among the torrent's own from then on.
        [nameof(AddTorrentOptions.Trackers)] = setup => Assert.Equal(s_given.Trackers, setup.Torrent!.Trackers.TakeLast(2).Select(Assert.Single)),
    };

    private readonly CoreHarness _client = new(o => o with { StateDirectory = "/state" });

    public static TheoryData<string> Options => [.. typeof(AddTorrentOptions).GetProperties().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Options))]
    public void Every_option_comes_back(string name)
    {
        _client.Edges.Files = order =>
        {
            var have = new PieceSet(order.Torrent.PieceCount);
            have.Fill();
            return have;
        };
        SessionFront front = _client.Add(change: _ => s_given);
        Assert.True(_client.Start(front).IsCompletedSuccessfully);
        _client.Advance(10);
        SessionSetup restored = Restored(_client.Edges.LastStore!.Saved[^1]);

        PropertyInfo option = typeof(AddTorrentOptions).GetProperty(name)!;
        Assert.NotEqual(option.GetValue(new AddTorrentOptions()), option.GetValue(s_given));
        if (s_elsewhere.TryGetValue(name, out Action<SessionSetup>? check))
            check(restored);
        else
            Assert.Equal(option.GetValue(s_given), option.GetValue(restored.Options));
    }

    [Fact]
    public void A_session_that_was_never_started_keeps_its_options_too_and_is_not_started_by_coming_back()
    {
        _client.Add(change: _ => s_given with { Peers = [] });
        SessionSetup restored = Restored(_client.Edges.Saved[^1]);
        Assert.Equal((7, true, StartMode.WhenPeersFound), (restored.Options.MaxConnections, restored.Options.TrustFiles, restored.Options.Start));
        Assert.False(restored.Resume!.IsStarted);
        Assert.True(restored.IsArmed);

        var second = new CoreHarness(o => o with { StateDirectory = "/state" });
        SessionFront front = second.Add(restored);
        Assert.Equal(0, front.Gate.Counters.Begun);
        front.AddPeers([CoreHarness.Peer(1).ToEndPoint()]);
        second.Run();
        Assert.Equal(1, front.Gate.Counters.Begun);
    }

    [Fact]
    public void A_magnet_link_comes_back_whole()
    {
        var magnet = MagnetLink.Parse($"magnet:?xt=urn:btih:{CoreHarness.PlainTorrent.SwarmHash}&dn=n&tr=http%3A%2F%2Fa.example%2Fannounce&x.pe=85.0.0.9:70&so=0,2-3");
        _client.Add(new SessionSetup(magnet.SwarmHash, null, magnet, s_given, null));
        MagnetLink restored = Restored(_client.Edges.Saved[^1]).Magnet!;
        Assert.Equal(magnet.Name, restored.Name);
        Assert.Equal(magnet.Peers, restored.Peers);
        Assert.Equal(magnet.SelectedFiles, restored.SelectedFiles);
        Assert.Equal([.. magnet.Trackers, .. s_given.Trackers], restored.Trackers);
    }

    [Fact]
    public void Files_are_not_trusted_any_more_once_a_piece_was_missing()
    {
        SessionFront front = _client.Add(change: _ => s_given);
        Assert.True(_client.Start(front).IsCompletedSuccessfully);
        _client.Run();
        // Saved at once, ahead of the interval: nothing is written before.
        Assert.False(Restored(_client.Edges.LastStore!.Saved[^1]).Options.TrustFiles);
    }

    [Fact]
    public void A_limit_that_is_changed_is_saved_like_every_change()
    {
        SessionFront front = _client.Add();
        front.Handle.SetRateLimits(111, 222);
        _client.Advance(5);
        SessionSetup restored = Restored(_client.Edges.Saved[^1]);
        Assert.Equal((111, 222), (restored.Options.DownloadBytesPerSecond, restored.Options.UploadBytesPerSecond));
    }

    [Fact]
    public void A_tracker_that_is_added_again_is_kept_once()
    {
        _client.Add(change: _ => s_given);
        ResumeData first = _client.Edges.Saved[^1];
        var again = new CoreHarness(o => o with { StateDirectory = "/state" });
        again.Add(SavedSession.Recall(new SessionSetup(CoreHarness.PlainTorrent.SwarmHash, null, new MagnetLink(CoreHarness.PlainTorrent.SwarmHash), s_given, null), first));
        Assert.Equal(first.Trackers, again.Edges.Saved[^1].Trackers);
    }

    [Fact]
    public void What_another_version_saved_passes_through_a_session()
    {
        _client.Add();
        ResumeData known = _client.Edges.Saved[^1];
        byte[] bytes = (known with { Unknown = [("zeal"u8.ToArray(), "i3e"u8.ToArray())] }).ToBytes();
        Assert.True(ResumeData.TryRead(bytes, out ResumeData data));
        var second = new CoreHarness(o => o with { StateDirectory = "/state" });
        second.Add(SavedSession.ToSetup(data)!);
        Assert.Contains("4:zeali3e", Encoding.Latin1.GetString(second.Edges.Saved[^1].ToBytes()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("15:max connectionsi0e", 1)]
    [InlineData("15:max connectionsi99999999999e", 100)]
    [InlineData("15:max connectionsi5000e", 2000)]
    [InlineData("10:start modei9e", 100)]
    public void Wrong_values_do_no_harm(string field, int connections)
    {
        // Keys are in order: those of max connections come before the directory, that of the start mode behind it.
        string[] fields = ["7:hash v120:01234567890123456789", field, "14:save directory2:/x"];
        IEnumerable<string> ordered = field.Contains("start", StringComparison.Ordinal) ? [fields[0], fields[2], fields[1]] : fields;
        Assert.True(ResumeData.TryRead(Encoding.Latin1.GetBytes($"d{string.Concat(ordered)}e"), out ResumeData data));
        AddTorrentOptions options = SavedSession.ToSetup(data)!.Options;
        options.Validate();
        Assert.Equal((connections, StartMode.WhenCalled), (options.MaxConnections, options.Start));
    }

    private static SessionSetup Restored(ResumeData saved)
    {
        Assert.True(ResumeData.TryRead(saved.ToBytes(), out ResumeData data));
        return SavedSession.ToSetup(data)!;
    }
}
