using CcBt.Core.Addressing;
using CcBt.Core.Simulation.Faults;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Net;

/// <summary>Hosts joined by lines with latency and bandwidth. Streams lose nothing; datagrams are lost, doubled and overtaken. It can be cut in two.</summary>
internal sealed class SimNetwork(World world)
{
    private static readonly TimeSpan NatMemory = TimeSpan.FromSeconds(60);

    private readonly Dictionary<PeerAddress, SimHost> _hosts = [];
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

    public int Mtu { get; set; } = 1500;

    public long Datagrams { get; private set; }

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

    /// <summary>Streams of a host that has moved are reset by whoever hears from them under the new address; else they are silent for ever.</summary>
    public bool ResetsMoved { get; set; }

    /// <summary>Gives a host another address; what was on its way to or from the old one is lost.</summary>
    public void Move(SimHost host, PeerAddress to)
    {
        _hosts.Remove(host.Address);
        host.Address = to;
        _hosts[to] = host;
        host.Contacts.Clear();
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
    public static PeerAddress Address(int number) => PeerAddress.FromV4(0x50000000 + (uint)number * 0x10305 % 0x0F000000, 6881);

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
        if (remote is null || IsSeparate(from, remote) || remote.IsBehindNat || IsFrozen(remote))
            return;
        world.After(there, () => Knock(from, remote, user, there));
    }

    public void Send(SimHost from, PeerAddress to, ReadOnlyMemory<byte> bytes)
    {
        Datagrams++;
        from.DatagramsSent++;
        world.Hash.Add(bytes.Length);
        from.Contacts[to] = world.Now;
        if (Losses.Strikes() || Find(to) is not { Receive: not null } remote || bytes.Length > Mtu || IsSeparate(from, remote) || world.Chance(Loss))
            return;
        Fly(from, remote, bytes);
        if (world.Chance(Duplication))
            Fly(from, remote, bytes);
    }

    /// <summary>Takes the line for so many bytes; they have left at the returned time.</summary>
    public TimeSpan Occupy(SimHost host, int bytes)
        => host.UpFree = (host.UpFree > world.Now ? host.UpFree : world.Now) + TimeSpan.FromSeconds(bytes / host.UpRate);

    public TimeSpan ArrivalOf(SimHost from, SimHost to, int bytes)
    {
        TimeSpan arrives = world.Now + LatencyOf(from, to);
        return to.DownFree = (to.DownFree > arrives ? to.DownFree : arrives) + TimeSpan.FromSeconds(bytes / to.DownRate);
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

    private void Fly(SimHost from, SimHost to, ReadOnlyMemory<byte> bytes)
    {
        TimeSpan latency = LatencyOf(from, to);
        if (world.Chance(Reordering))
            latency += world.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(400));
        world.After(latency, () => Land(from, to, bytes));
    }

    private void Land(SimHost from, SimHost to, ReadOnlyMemory<byte> bytes)
    {
        if (to.Receive is null || IsSeparate(from, to) || IsFrozen(to))
            return;
        if (to.IsBehindNat && !(to.Contacts.TryGetValue(from.Address, out TimeSpan at) && world.Now - at < NatMemory))
            return;
        to.Receive(from.Address, bytes);
    }
}
