using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Tests.Time;

namespace CcBt.Core.Tests.Session;

public sealed class SeenPeersTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly OwnAddresses _own = new();
    private readonly SeenPeers _seen;

    public SeenPeersTests() => _seen = new SeenPeers(_time, _own);

    [Fact]
    public void An_address_is_new_once_and_its_port_is_part_of_it()
    {
        Assert.Equal(SeenResult.New, _seen.Add(Peer(1)));
        Assert.Equal(SeenResult.Known, _seen.Add(Peer(1)));
        Assert.Equal(SeenResult.New, _seen.Add(Peer(1).WithPort(7000)));
        Assert.Equal(SeenResult.New, _seen.Add(Peer(2)));
    }

    [Fact]
    public void What_can_be_no_peer_is_refused()
    {
        _own.Add(Peer(9));
        Assert.Equal(SeenResult.Refused, _seen.Add(Peer(1).WithPort(0)));
        Assert.Equal(SeenResult.Refused, _seen.Add(PeerAddress.FromV4(0, 6881)));
        Assert.Equal(SeenResult.Refused, _seen.Add(Peer(9)));
        Assert.Equal(SeenResult.New, _seen.Add(Peer(9).WithPort(7000)));
    }

    [Fact]
    public void An_address_is_forgotten_after_half_an_hour_and_not_before()
    {
        _seen.Add(Peer(1));
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(SeenResult.Known, _seen.Add(Peer(1)));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(SeenResult.New, _seen.Add(Peer(1)));
    }

    [Fact]
    public void The_oldest_goes_when_there_are_too_many()
    {
        for (uint i = 0; i < Limits.SeenPeers; i++)
            Assert.Equal(SeenResult.New, _seen.Add(Peer(i)));
        Assert.Equal(SeenResult.Known, _seen.Add(Peer(0)));
        Assert.Equal(SeenResult.New, _seen.Add(Peer(Limits.SeenPeers)));
        Assert.Equal(SeenResult.Known, _seen.Add(Peer(Limits.SeenPeers)));
        Assert.Equal(SeenResult.Known, _seen.Add(Peer(1)));
        Assert.Equal(SeenResult.New, _seen.Add(Peer(0)));
    }

    [Fact]
    public void A_banned_address_is_refused_whatever_its_port()
    {
        _seen.Ban(Peer(1));
        Assert.Equal(SeenResult.Refused, _seen.Add(Peer(1)));
        Assert.Equal(SeenResult.Refused, _seen.Add(Peer(1).WithPort(7000)));
        Assert.Equal(SeenResult.New, _seen.Add(Peer(2)));
        _time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(SeenResult.Refused, _seen.Add(Peer(1)));
    }

    [Fact]
    public void Banned_addresses_are_bounded()
    {
        for (uint i = 0; i <= Limits.SeenPeers; i++)
            _seen.Ban(Peer(i));
        Assert.Equal(SeenResult.Refused, _seen.Add(Peer(Limits.SeenPeers - 1)));
        Assert.Equal(SeenResult.New, _seen.Add(Peer(Limits.SeenPeers)));
    }

    private static PeerAddress Peer(uint number) => PeerAddress.FromV4(0x01020304 + number, 6881);
}
