using System.Net;
using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace CcBt.Core.Tests.Session;

/// <summary>The one way in for discoveries: peers to the pool, then the knock, then the event.</summary>
public sealed class DiscoveryDoorTests : IDisposable
{
    private readonly QueueMailbox _mailbox = new();
    private readonly List<(PeerAddress[] Peers, KnockSource Source)> _delivered = [];
    private readonly OwnAddresses _own = new();
    private readonly DiscoveryEvents _events;
    private readonly StartGate _gate;
    private readonly DiscoveryDoor _door;
    private int _starts;

    public DiscoveryDoorTests()
    {
        var time = new ManualTimeProvider();
        _events = new DiscoveryEvents(time, NullLogger.Instance);
        _gate = new StartGate(StartAsync, new StartGateOptions { TimeProvider = time, Steps = new InlineSteps() });
        _door = new DiscoveryDoor(_mailbox, new SeenPeers(time, _own), _events, _gate, (peers, source) =>
        {
            _delivered.Add((peers.ToArray(), source));
            Assert.Equal(0, _starts);
            return new Delivery();
        });
    }

    public static TheoryData<int> Sources => [.. Enum.GetValues<KnockSource>().Select(static s => (int)s)];

    [Fact]
    public void Peers_are_delivered_before_the_start_begins_and_the_new_ones_counted()
    {
        Assert.Equal(2, _door.Report(KnockSource.Tracker, [Peer(1), Peer(2), Peer(1)], lookupEnded: false));
        (PeerAddress[] peers, KnockSource source) = Assert.Single(_delivered);
        Assert.Equal([Peer(1), Peer(2), Peer(1)], peers);
        Assert.Equal(KnockSource.Tracker, source);
        Assert.Equal(1, _starts);
    }

    [Fact]
    public void Peers_that_are_known_are_delivered_again_and_not_counted()
    {
        _door.Report(KnockSource.Inbound, [Peer(1)], lookupEnded: false);
        _starts = 0;
        Assert.Equal(1, _door.Report(KnockSource.Dht, [Peer(1), Peer(2)], lookupEnded: false));
        Assert.Equal([Peer(1), Peer(2)], Assert.Single(_delivered).Peers);
    }

    [Fact]
    public void What_is_no_peer_neither_passes_nor_knocks()
    {
        _own.Add(Peer(9));
        Assert.Equal(0, _door.Report(KnockSource.Dht, [Peer(1).WithPort(0), Peer(9)], lookupEnded: false));
        Assert.Equal(0, _door.Report(KnockSource.Dht, [], lookupEnded: true));
        Assert.Empty(_delivered);
        Assert.Equal(0, _starts);
        Assert.Equal(GatePhase.Idle, _gate.State.Phase);

        Assert.Equal(1, _door.Report(KnockSource.Dht, [Peer(9), Peer(1)], lookupEnded: false));
        Assert.Equal([Peer(1)], Assert.Single(_delivered).Peers);
    }

    [Fact]
    public void Who_connected_to_us_knocks_and_is_not_dialed()
    {
        Assert.Equal(1, _door.Report(KnockSource.Inbound, [Peer(1)], lookupEnded: false));
        Assert.Empty(_delivered);
        Assert.True(_mailbox.IsEmpty);
        Assert.Equal(1, _starts);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_private_torrent_listens_only_to_its_trackers_and_those_who_know_it(int number)
    {
        var source = (KnockSource)number;
        bool isOpen = source is not (KnockSource.Dht or KnockSource.PeerExchange or KnockSource.LocalDiscovery);
        _door.MakePrivate();
        Assert.Equal(isOpen ? 1 : 0, _door.Report(source, [Peer(1)], lookupEnded: true));
        Assert.Equal(isOpen ? 1 : 0, _starts);
        Assert.Equal(isOpen && source != KnockSource.Inbound ? 1 : 0, _delivered.Count);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_closed_door_lets_nothing_pass(int source)
    {
        _door.Close();
        Assert.Equal(0, _door.Report((KnockSource)source, [Peer(1)], lookupEnded: true));
        Assert.Empty(_delivered);
        Assert.Equal(0, _starts);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task The_event_names_the_source_and_the_usable_peers(int number)
    {
        var source = (KnockSource)number;
        var raised = new TaskCompletionSource<PeersDiscoveredEventArgs>();
        _events.Raised += (_, e) => raised.TrySetResult(e);
        _door.Report(source, [Peer(1), Peer(2).WithPort(0)], lookupEnded: true);
        PeersDiscoveredEventArgs told = await raised.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(source <= KnockSource.Magnet ? (PeerSource)number : PeerSource.Manual, told.Source);
        Assert.Equal((IPEndPoint[])[Peer(1).ToEndPoint()], told.Peers);
        Assert.Equal((1, true), (told.NewPeers, told.LookupEnded));
    }

    public void Dispose() => _events.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _starts++;
        return Task.CompletedTask;
    }

    private static PeerAddress Peer(uint number) => PeerAddress.FromV4(0x01020304 + number, 6881);

    private sealed class Delivery : ClientMessage
    {
        public override void Apply(ClientCore core, TimeSpan now)
        {
        }
    }
}
