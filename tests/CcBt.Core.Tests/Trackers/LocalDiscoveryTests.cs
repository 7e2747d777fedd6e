using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

public sealed class LocalDiscoveryTests
{
    private static readonly PeerAddress Neighbour = PeerAddress.FromV4(0x0A4D0001, 50000);
    private readonly LocalDiscovery _discovery = new("ours");

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static InfoHash Hash(int number)
    {
        var bytes = new byte[20];
        bytes[0] = (byte)(number >> 8);
        bytes[1] = (byte)number;
        return new InfoHash(bytes);
    }

    private List<(double At, InfoHash[] Hashes)> Run(double from, double to)
    {
        var announces = new List<(double, InfoHash[])>();
        for (TimeSpan now = At(from); now <= At(to); now = _discovery.NextDeadline is TimeSpan next && next > now ? next : At(to + 1))
        {
            _discovery.Advance(now);
            while (_discovery.TryTakeAnnounce(out InfoHash[] hashes))
                announces.Add((now.TotalSeconds, hashes));
        }
        return announces;
    }

    [Fact]
    public void A_torrent_is_announced_every_five_minutes()
    {
        _discovery.Add(Hash(1), At(10));
        Assert.Equal([11, 311, 611], Run(10, 900).Select(a => a.At));
        _discovery.Remove(Hash(1));
        Assert.Null(_discovery.NextDeadline);
    }

    [Fact]
    public void There_is_at_most_one_announce_a_minute()
    {
        _discovery.Add(Hash(1), At(0));
        List<(double At, InfoHash[] Hashes)> announces = Run(0, 5);
        _discovery.Add(Hash(2), At(5));
        announces.AddRange(Run(5, 3600));
        double[] rounds = [.. announces.Select(a => a.At).Distinct()];
        Assert.Equal([1, 61], rounds.Take(2));
        Assert.All(rounds.Zip(rounds.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 60));
    }

    [Fact]
    public void Many_torrents_take_turns_in_few_datagrams()
    {
        for (int i = 0; i < 300; i++)
            _discovery.Add(Hash(i), At(0));
        List<(double At, InfoHash[] Hashes)> announces = Run(0, 299);
        Assert.All(announces.GroupBy(a => a.At), round => Assert.InRange(round.Count(), 1, Limits.LocalDiscoveryRoundDatagrams));
        Assert.Equal(300, announces.SelectMany(a => a.Hashes).Distinct().Count());
        Assert.All(announces, a => Assert.InRange(a.Hashes.Length, 1, LocalDiscoveryMessage.HashesPerDatagram));
    }

    [Fact]
    public void Peers_of_our_swarms_are_found_at_the_port_they_announce()
    {
        _discovery.Add(Hash(1), At(0));
        _discovery.Handle(Neighbour, LocalDiscoveryMessage.Build([Hash(1), Hash(2)], 6881, "theirs", false), At(1));
        Assert.True(_discovery.TryTakeFound(out var found));
        Assert.Equal((Hash(1), Neighbour.WithPort(6881)), found);
        Assert.False(_discovery.TryTakeFound(out _));
    }

    [Fact]
    public void Our_own_messages_and_link_local_senders_are_ignored()
    {
        _discovery.Add(Hash(1), At(0));
        _discovery.Handle(Neighbour, LocalDiscoveryMessage.Build([Hash(1)], 6881, "ours", false), At(1));
        byte[] linkLocal = [0xFE, 0x80, .. new byte[14]];
        _discovery.Handle(PeerAddress.FromBytes(linkLocal, 1), LocalDiscoveryMessage.Build([Hash(1)], 6881, "theirs", true), At(1));
        Assert.False(_discovery.TryTakeFound(out _));
    }

    [Fact]
    public void Ten_messages_a_second_are_read_and_not_more()
    {
        _discovery.Add(Hash(1), At(0));
        byte[] message = LocalDiscoveryMessage.Build([Hash(1)], 6881, "theirs", false), own = LocalDiscoveryMessage.Build([Hash(1)], 6881, "ours", false);
        for (int i = 0; i < 1000; i++)
        {
            _discovery.Handle(Neighbour, own, At(1 + i * 0.01));
            _discovery.Handle(Neighbour, message, At(1 + i * 0.01));
        }
        int found = 0;
        while (_discovery.TryTakeFound(out _))
            found++;
        Assert.Equal(100, found);
        Assert.True(_discovery.Flooded >= 900);
    }
}
