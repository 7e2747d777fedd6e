using CcBt.Core.Addressing;
using CcBt.Core.Simulation.Time;
using Xunit;

namespace CcBt.Core.Simulation.Net;

/// <summary>That the simulated network does to packets what it says.</summary>
public sealed class NetworkTests
{
    private static readonly PeerAddress s_inner = PeerAddress.FromV4(0x50000001, 6881);
    private readonly World _world = new(5);
    private readonly SimNetwork _network;
    private readonly SimHost _host;
    private readonly List<PeerAddress> _heard = [];

    public NetworkTests()
    {
        _network = new SimNetwork(_world) { Jitter = TimeSpan.Zero };
        _host = _network.Add(s_inner);
        _host.Receive = (from, _) => _heard.Add(from);
    }

    /// <summary>A host that answers nothing, and tells where it heard from.</summary>
    private SimHost Other(uint number, ushort port, List<PeerAddress> seen)
    {
        SimHost other = _network.Add(PeerAddress.FromV4(0x51000000 + number, port));
        other.Receive = (from, _) => seen.Add(from);
        return other;
    }

    private PeerAddress SeenBy(SimHost other, List<PeerAddress> seen)
    {
        _network.Send(_host, other.Address, new byte[10]);
        _world.Run(TimeSpan.FromSeconds(1));
        return seen[^1];
    }

    private bool GetsIn(SimHost from, PeerAddress to)
    {
        int before = _heard.Count;
        _network.Send(from, to, new byte[10]);
        _world.Run(TimeSpan.FromSeconds(1));
        return _heard.Count > before;
    }

    [Theory]
    [InlineData("None", true, true, true, true, true)]
    [InlineData("FullCone", false, true, true, true, true)]
    [InlineData("AddressRestricted", false, true, true, true, false)]
    [InlineData("PortRestricted", false, true, true, false, false)]
    [InlineData("Symmetric", false, false, true, false, false)]
    public void A_nat_lets_in_what_its_kind_does(string kind, bool keepsPort, bool isOnePort, bool fromTold, bool fromOtherPort, bool fromStranger)
    {
        if (kind != "None")
            _network.PutBehind(_host, Enum.Parse<NatKind>(kind));
        var seen = new List<PeerAddress>();
        SimHost told = Other(1, 1000, seen), neighbour = Other(1, 1001, seen), stranger = Other(2, 1000, seen), second = Other(3, 1000, seen);
        PeerAddress outer = SeenBy(told, seen);
        Assert.True(outer.IsSameHost(s_inner));
        Assert.Equal(keepsPort, outer == s_inner);
        Assert.Equal(isOnePort, SeenBy(second, seen) == outer);
        Assert.Equal(fromTold, GetsIn(told, outer));
        Assert.Equal(fromOtherPort, GetsIn(neighbour, outer));
        Assert.Equal(fromStranger, GetsIn(stranger, outer));
        Assert.Equal(keepsPort, GetsIn(told, s_inner));
        _world.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(keepsPort, GetsIn(told, outer));
        Assert.Equal(keepsPort, SeenBy(told, seen) == outer);
    }

    [Fact]
    public void A_nat_forgets_ports_that_are_not_used()
    {
        _network.PutBehind(_host, NatKind.Symmetric);
        for (uint i = 0; i < 3_000; i++)
        {
            _network.Send(_host, PeerAddress.FromV4(0x51000000 + i, 1000), new byte[10]);
            _world.Run(TimeSpan.FromSeconds(1));
        }
        Assert.InRange(_host.Nat!.Count, 60, 400);
    }

    [Fact]
    public void A_full_line_drops_what_comes_last_and_passes_the_rest_at_its_rate()
    {
        var seen = new List<PeerAddress>();
        SimHost other = Other(1, 1000, seen);
        _host.UpRate = 10_000;
        _host.UpQueue.Room = 5_000;
        for (int i = 0; i < 20; i++)
            _network.Send(_host, other.Address, new byte[1_000 - DatagramQueue.Overhead]);
        Assert.Equal(15, _host.UpQueue.Dropped);
        _world.Run(TimeSpan.FromSeconds(0.35));
        Assert.InRange(seen.Count, 2, 3);
        _world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public void A_full_line_of_the_receiver_drops_too()
    {
        SimHost other = Other(1, 1000, []);
        _host.DownRate = 10_000;
        _host.DownQueue.Room = 5_000;
        for (int i = 0; i < 20; i++)
            _network.Send(other, s_inner, new byte[1_000 - DatagramQueue.Overhead]);
        _world.Run(TimeSpan.FromSeconds(5));
        Assert.InRange(_heard.Count, 5, 8);
        Assert.Equal(20 - _heard.Count, _host.DownQueue.Dropped);
    }

    [Fact]
    public void Streams_and_datagrams_share_a_line()
    {
        var seen = new List<PeerAddress>();
        SimHost other = Other(1, 1000, seen);
        _host.UpRate = 10_000;
        TimeSpan alone = _network.Occupy(_host, 20_000);
        Assert.Equal(2, (alone - _world.Now).TotalSeconds, 3);
        for (int i = 0; i < 10; i++)
            _network.Send(_host, other.Address, new byte[1_000 - DatagramQueue.Overhead]);
        // The stream's next bytes wait for those of the datagrams, and the datagrams have half the rate.
        Assert.Equal(3, (_host.UpFree - _world.Now).TotalSeconds, 3);
        _world.Run(TimeSpan.FromSeconds(1.2));
        Assert.InRange(seen.Count, 5, 6);
        _world.Run(TimeSpan.FromSeconds(1.2));
        Assert.Equal(10, seen.Count);
    }

    [Fact]
    public void Datagrams_over_the_mtu_are_lost()
    {
        var seen = new List<PeerAddress>();
        SimHost other = Other(1, 1000, seen);
        _network.Send(_host, other.Address, new byte[_network.Mtu - DatagramQueue.Overhead]);
        _network.Send(_host, other.Address, new byte[_network.Mtu - DatagramQueue.Overhead + 1]);
        _world.Run(TimeSpan.FromSeconds(1));
        Assert.Single(seen);
        Assert.Equal(1, _network.TooLong);
    }

    [Fact]
    public void Loss_doubles_jitter_and_overtaking_happen_as_often_as_they_are_asked_for()
    {
        var lengths = new List<int>();
        SimHost other = Other(1, 1000, []);
        other.Receive = (_, bytes) => lengths.Add(bytes.Length);
        (_network.Loss, _network.Duplication, _network.Reordering, _network.Jitter) = (0.2, 0.1, 0.1, TimeSpan.FromMilliseconds(200));
        for (int i = 0; i < 1_000; i++)
        {
            _network.Send(_host, other.Address, new byte[i + 1]);
            _world.Run(TimeSpan.FromMilliseconds(20));
        }
        _world.Run(TimeSpan.FromSeconds(1));
        Assert.InRange(lengths.Distinct().Count(), 750, 850);
        Assert.InRange(lengths.Count - lengths.Distinct().Count(), 50, 120);
        Assert.InRange(lengths.Zip(lengths.Skip(1), static (a, b) => b < a ? 1 : 0).Sum(), 200, 600);
    }

    [Fact]
    public void Between_parts_of_a_network_and_to_who_is_down_nothing_passes()
    {
        SimHost other = Other(1, 1000, []);
        Assert.True(GetsIn(other, s_inner));
        other.Side = 1;
        _network.Cut();
        Assert.False(GetsIn(other, s_inner));
        _network.Heal();
        Assert.True(GetsIn(other, s_inner));
        _host.IsDown = true;
        Assert.False(GetsIn(other, s_inner));
    }
}
