using CcBt.Core.Addressing;
using CcBt.Core.Simulation.Faults;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Net;

/// <summary>
/// Hosts joined by lines with latency and bandwidth. Streams lose nothing, but can be reset on their way; datagrams are lost, doubled and overtaken, wait in bounded
/// queues for the lines, and pass NATs. The network can be cut in two.
/// </summary>
internal sealed class SimNetwork(World world)
{
    /// <summary>A datagram that waits less at a line comes in at once; more would only cost events.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<PeerAddress, SimHost> _hosts = [];
    private readonly Dictionary<PeerAddress, SimHost> _behindNat = [];
    private readonly List<(SimHost From, SimHost To, Action Action)> _stalled = [];
    private int _ephemeral = 20_000;

    public World World => world;

    public bool IsCut { get; private set; }

    /// <summary>The share of datagrams that do not arrive.</summary>
    public double Loss { get; set; }

    public double Duplication { get; set; }

    /// <summary>The share of datagrams that take much longer than others.</summary>
    public double Reordering { get; set; }

    /// <summary>What a packet's latency varies by.</summary>
    public TimeSpan Jitter { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Bytes of a packet with its headers; longer datagrams are lost.</summary>
    public int Mtu { get; set; } = 1500;

    public long Datagrams { get; private set; }

    /// <summary>Datagrams that were too long to pass.</summary>
    public long TooLong { get; private set; }

    /// <summary>Datagrams that a NAT did not let in.</summary>
    public long Filtered { get; private set; }

    /// <summary>The share of stream packets at which something on the way resets the stream.</summary>
    public double ResetShare { get; set; }

    /// <summary>Streams that were reset so.</summary>
    public long Resets { get; private set; }

    /// <summary>The n-th connection that is dialled is refused.</summary>
    public FaultPlan Dials { get; } = new();

    /// <summary>The n-th send of any stream fails, which ends the stream.</summary>
    public FaultPlan Sends { get; } = new();

    /// <summary>The n-th receive of any stream fails, which ends the stream.</summary>
    public FaultPlan Receives { get; } = new();

    /// <summary>The n-th datagram is lost.</summary>
    public FaultPlan Losses { get; } = new();

    public SimHost Add(PeerAddress address)
    {
        var host = new SimHost(address) { Latency = world.Between(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(60)) };
        _hosts[address] = host;
        return host;
    }

    /// <summary>Puts a NAT in front of a host: it keeps its address, and others see it under other ports.</summary>
    public void PutBehind(SimHost host, NatKind kind)
    {
        host.Nat = new SimNat(kind);
        _behindNat[host.Address.WithPort(0)] = host;
    }

    /// <summary>Streams of a host that has moved are reset by whoever hears from them under the new address; else they are silent for ever.</summary>
    public bool ResetsMoved { get; set; }

    /// <summary>Gives a host another address; what was on its way to or from the old one is lost.</summary>
    public void Move(SimHost host, PeerAddress to)
    {
        PeerAddress from = host.Address;
        _hosts.Remove(from);
        host.Address = to;
        _hosts[to] = host;
        if (host.Nat is not { } nat)
            return;
        nat.Forget();
        _behindNat.Remove(from.WithPort(0));
        _behindNat[to.WithPort(0)] = host;
    }

    /// <summary>The interface of a host is up again.</summary>
    public void Up(SimHost host)
    {
        host.IsDown = false;
        (SimHost From, SimHost To, Action Action)[] stalled = [.. _stalled];
        _stalled.Clear();
        foreach ((SimHost from, SimHost to, Action action) in stalled)
            world.After(TimeSpan.FromMilliseconds(1), () => Deliver(from, to, action));
    }

    public SimHost? Find(PeerAddress address) => _hosts.GetValueOrDefault(address);

    /// <summary>A global address of a network of its own.</summary>
    public static PeerAddress Address(int number) => PeerAddress.FromV4(0x50000000 + (uint)((ulong)number * 0x10305 % 0x0F000000), 6881);

    /// <summary>From now on nothing passes between hosts of different sides.</summary>
    public void Cut() => IsCut = true;

    /// <summary>What streams had under way goes on.</summary>
    public void Heal()
    {
        IsCut = false;
        (SimHost From, SimHost To, Action Action)[] stalled = [.. _stalled];
        _stalled.Clear();
        foreach ((_, _, Action action) in stalled)
            world.After(TimeSpan.FromMilliseconds(1), action);
    }

    public TimeSpan LatencyOf(SimHost from, SimHost to) => from.Latency + to.Latency + Jitter * world.Random.NextDouble();

    /// <summary>Connects to a host; the user hears of the outcome, or of none when packets vanish on the way.</summary>
    public void Connect(SimHost from, PeerAddress to, ISocketUser user)
    {
        SimHost? remote = Find(to);
        TimeSpan there = remote is null ? TimeSpan.FromMilliseconds(50) : LatencyOf(from, remote);
        if (remote is null || IsSeparate(from, remote) || remote.Nat is not null || IsFrozen(remote))
            return;
        world.After(there, () => Knock(from, remote, user, there));
    }

    public void Send(SimHost from, PeerAddress to, ReadOnlyMemory<byte> bytes)
    {
        Datagrams++;
        from.DatagramsSent++;
        world.Hash.Add(bytes.Length);
        TimeSpan now = world.Now;
        PeerAddress seen = from.Nat is { } nat ? from.Address.WithPort(nat.Leave(to, now)) : from.Address;
        int length = bytes.Length + DatagramQueue.Overhead;
        bool isBusy = from.UpFree > now;
        if (Losses.Strikes() || Reach(to) is not { Receive: not null } remote || IsTooLong(length) || from.UpQueue.Pass(length, from.UpRate, isBusy, now) is not { } departs)
            return;
        if (isBusy)
            from.UpFree += TimeSpan.FromSeconds(length / from.UpRate);
        if (IsSeparate(from, remote) || world.Chance(Loss))
            return;
        var datagram = new Datagram(from, remote, seen, to, bytes);
        Fly(datagram, departs);
        if (world.Chance(Duplication))
            Fly(datagram, departs);
    }

    /// <summary>Takes the line for so many bytes; they have left at the returned time.</summary>
    public TimeSpan Occupy(SimHost host, int bytes)
        => host.UpFree = (host.UpFree > world.Now ? host.UpFree : world.Now) + TimeSpan.FromSeconds(bytes / host.UpRate);

    public TimeSpan ArrivalOf(SimHost from, SimHost to, int bytes)
    {
        TimeSpan arrives = world.Now + LatencyOf(from, to);
        return to.DownFree = (to.DownFree > arrives ? to.DownFree : arrives) + TimeSpan.FromSeconds(bytes / to.DownRate);
    }

    /// <summary>Whether something on the way resets a stream at this packet.</summary>
    public bool ResetsNow()
    {
        bool resets = world.Chance(ResetShare);
        Resets += resets ? 1 : 0;
        return resets;
    }

    /// <summary>Does what an arriving packet of a stream does, or keeps it until the network is whole again.</summary>
    public void Deliver(SimHost from, SimHost to, Action action)
    {
        if (IsSeparate(from, to))
            _stalled.Add((from, to, action));
        else
            action();
    }

    private bool IsSeparate(SimHost from, SimHost to) => IsCut && from.Side != to.Side || from.IsDown || to.IsDown;

    private bool IsFrozen(SimHost host) => host.FrozenUntil > world.Now;

    private void Knock(SimHost from, SimHost remote, ISocketUser user, TimeSpan back)
    {
        if (IsSeparate(from, remote))
            return;
        if (Dials.Strikes())
        {
            world.After(back, user.Refused);
            return;
        }
        var near = new SimSocket(this, from, remote, remote.Address) { User = user };
        PeerAddress seen = from.Address.WithPort((ushort)(20_000 + _ephemeral++ % 40_000));
        var far = new SimSocket(this, remote, from, seen) { Other = near };
        near.Other = far;
        if (remote.Accept?.Invoke(far) is not { } other)
        {
            world.After(back, user.Refused);
            return;
        }
        far.User = other;
        world.After(back, () => Open(near, user));
    }

    private static void Open(SimSocket near, ISocketUser user)
    {
        if (near.IsOpen)
            user.Connected(near);
    }

    /// <summary>Who gets what is sent to an address: behind a NAT, to any port of it.</summary>
    private SimHost? Reach(PeerAddress to)
        => _hosts.TryGetValue(to, out SimHost? host) || _behindNat.Count > 0 && _behindNat.TryGetValue(to.WithPort(0), out host) ? host : null;

    private bool IsTooLong(int length)
    {
        TooLong += length > Mtu ? 1 : 0;
        return length > Mtu;
    }

    private void Fly(Datagram datagram, TimeSpan departs)
    {
        TimeSpan latency = LatencyOf(datagram.From, datagram.To);
        if (world.Chance(Reordering))
            latency += world.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(400));
        world.At(departs + latency, () => Land(datagram));
    }

    /// <summary>The datagram is at the receiver's line.</summary>
    private void Land(Datagram datagram)
    {
        (SimHost to, TimeSpan now) = (datagram.To, world.Now);
        if (to.Receive is null || IsSeparate(datagram.From, to))
            return;
        if (to.Nat is { } nat && !nat.Admits(datagram.SentTo.Port, datagram.Seen, now))
        {
            Filtered++;
            return;
        }
        if (to.DownQueue.Pass(datagram.Bytes.Length + DatagramQueue.Overhead, to.DownRate, to.DownFree > now, now) is not { } arrives)
            return;
        if (arrives - now > s_soon)
            world.At(arrives, () => Hand(datagram));
        else
            Hand(datagram);
    }

    private void Hand(Datagram datagram)
    {
        if (!datagram.To.IsDown && !IsFrozen(datagram.To))
            datagram.To.Receive?.Invoke(datagram.Seen, datagram.Bytes);
    }

    /// <summary>A datagram on its way: from whom, seen under which address, to which one.</summary>
    private sealed record Datagram(SimHost From, SimHost To, PeerAddress Seen, PeerAddress SentTo, ReadOnlyMemory<byte> Bytes);
}
