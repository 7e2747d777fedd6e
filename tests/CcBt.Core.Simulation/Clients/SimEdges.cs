using CcBt.Core.Addressing;
using CcBt.Core.Dht;
using CcBt.Core.Session;
using CcBt.Core.Simulation.Disk;
using CcBt.Core.Simulation.Faults;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Storage;
using CcBt.Core.Trackers;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Clients;

/// <summary>What a client's owner has done outside itself, in a simulated world.</summary>
internal sealed class SimEdges : IClientEdges, IPeerLinkEvents, IDisposable
{
    private readonly List<SimLink> _links = [];
    private readonly SimMachine _machine;
    private readonly SimMailbox _mailbox;
    private readonly SimTurns _turns;
    private int _lastLinkId;
    private bool _isSweeping;

    public SimEdges(SimMachine machine, SimMailbox mailbox)
    {
        _machine = machine;
        _mailbox = mailbox;
        _turns = new SimTurns(machine.World);
        Udp = new SimUdpAnnouncer(machine);
        Sweep = new LinkSweep(machine.Clock);
    }

    public World World => _machine.World;

    public SimHabits Habits => _machine.Habits;

    public LinkSweep Sweep { get; }

    public IReadOnlyList<SimLink> Links => _links;

    public SimUdpAnnouncer Udp { get; }

    public int NextLinkId() => ++_lastLinkId;

    public IPeerLink Dial(int linkId, PeerAddress to, in Handshake ours)
    {
        var link = new SimLink(linkId, to, isOutbound: true, this, ours);
        Watch(link);
        _machine.Network.Connect(_machine.Host, to, link);
        return link;
    }

    /// <summary>A stranger connects; the oldest half-open link makes room when there are too many, as the real listener has it.</summary>
    public ISocketUser? Accept(SimSocket socket)
    {
        PeerAddress stranger = socket.RemoteAddress.WithPort(0);
        SimLink[] halfOpen = [.. _links.Where(l => !l.IsOutbound && l.IsHalfOpen && !l.IsClosed)];
        if (halfOpen.Count(l => l.Remote.WithPort(0) == stranger) >= Limits.HalfOpenInboundPerAddress)
            return null;
        if (halfOpen.Length >= Limits.HalfOpenInbound)
        {
            if (halfOpen[0].SecondsInPhase < 2)
                return null;
            halfOpen[0].Close(LinkCloseReason.HandshakeTimeout);
        }
        var link = new SimLink(NextLinkId(), socket.RemoteAddress, isOutbound: false, this, default);
        Watch(link);
        link.Attach(socket);
        return link;
    }

    public void SendDatagram(PeerAddress to, ReadOnlyMemory<byte> datagram) => _machine.Network.Send(_machine.Host, to, datagram);

    public void Announce(int announceId, AnnounceOrder order)
    {
        bool strikes = _machine.Disk.Answers.Strikes();
        FaultKind kind = _machine.Disk.Answers.Kind;
        void Tell(AnnounceResult result)
        {
            if (strikes && kind == FaultKind.Never)
                return;
            if (strikes && kind != FaultKind.Twice)
                result = AnnounceResult.Failed(order, kind == FaultKind.Cancelled ? TrackerFailure.Canceled : TrackerFailure.ConnectFailed, "spoilt");
            _mailbox.Post(new AnnounceEndedMessage(announceId, result));
            if (strikes && kind == FaultKind.Twice)
                _mailbox.Post(new AnnounceEndedMessage(announceId, result));
        }
        if (!order.Tracker.IsHttp)
        {
            Udp.Announce(order, _machine.Trackers.Udp[order.Tracker.Host], Tell);
            return;
        }
        _turns.Run(order, ended => _machine.Trackers.Announce(_machine, order, result =>
        {
            ended();
            Tell(result);
        }));
    }

    public void BeginLocalSearch(InfoHash infoHash)
    {
    }

    public void EndLocalSearch(InfoHash infoHash)
    {
    }

    public void Resolve(HostAndPort host)
    {
        bool strikes = _machine.Disk.Answers.Strikes();
        FaultKind kind = _machine.Disk.Answers.Kind;
        bool isFound = PeerAddress.TryParse(host.ToString(), out PeerAddress address) && !(strikes && kind is FaultKind.Error or FaultKind.Cancelled or FaultKind.Unforeseen);
        var answer = new HostResolvedMessage(host, isFound ? [address] : []);
        if (!(strikes && kind == FaultKind.Never))
            World.After(TimeSpan.FromMilliseconds(30), () => _mailbox.Post(answer));
        if (strikes && kind == FaultKind.Twice)
            World.After(TimeSpan.FromMilliseconds(31), () => _mailbox.Post(answer));
    }

    public void OpenStore(SessionCore session, StoreOrder order) => _machine.Disk.Open(_mailbox, session, order);

    public void CloseStore(SessionCore? session, ISessionStore? store, StoreClosure closure) => _machine.Disk.Close(_mailbox, session, (SimStore?)store, closure);

    public void SaveState(SessionCore session, ResumeData resume)
        => _machine.Disk.Do("save", () => _machine.Disk.SaveState(resume), error => _mailbox.Post(new StateSavedMessage(session, error)));

    /// <summary>How often sockets were bound anew.</summary>
    public int Renewals { get; private set; }

    public void RenewSockets() => Renewals++;

    public void SaveDht(DhtSnapshot snapshot) => _machine.Disk.Do("dht", () => _machine.Disk.Dht = snapshot, static _ => { });

    public void Opened(IPeerLink link, in Handshake theirs) => _mailbox.Post(new LinkOpenedMessage(link, theirs));

    public void Arrived(IPeerLink link, in Handshake theirs) => _mailbox.Post(new LinkArrivedMessage(link, theirs));

    public void Reported(IPeerLink link, PeerReport report)
    {
        if (!_mailbox.Post(new LinkReportMessage(link, report)))
            report.Return();
    }

    public void Closed(IPeerLink link, LinkCloseReason reason) => _mailbox.Post(new LinkClosedMessage(link, reason));

    public void Forget(SimLink link) => _links.Remove(link);

    /// <summary>Power is cut: no link says another word.</summary>
    public void Vanish()
    {
        foreach (SimLink link in _links)
            link.Vanish();
        _links.Clear();
    }

    public void Dispose() => Sweep.Dispose();

    private void Watch(SimLink link)
    {
        _links.Add(link);
        if (_isSweeping)
            return;
        _isSweeping = true;
        World.After(TimeSpan.FromSeconds(1), SweepLinks);
    }

    private void SweepLinks()
    {
        if (_machine.Clock.FrozenUntil > World.Now)
        {
            World.At(_machine.Clock.FrozenUntil, SweepLinks);
            return;
        }
        foreach (SimLink link in _links.ToArray())
            link.Check();
        _isSweeping = _links.Count > 0 && !_machine.Clock.IsStopped;
        if (_isSweeping)
            World.After(TimeSpan.FromSeconds(1), SweepLinks);
    }
}
