using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

/// <summary>
/// Nodes and forged hosts joined by links with latency and loss, in virtual time on one thread. The same seed gives
/// the same run.
/// </summary>
internal sealed class VirtualNetwork(int seed)
{
    private readonly Dictionary<PeerAddress, VirtualHost> _hosts = [];
    private readonly Dictionary<PeerAddress, Func<PeerAddress, ReadOnlyMemory<byte>, byte[]?>> _forged = [];
    private readonly PriorityQueue<Action, (TimeSpan, long)> _queue = new();
    private long _order;

    public int Seed { get; } = seed;

    public Random Random { get; } = new(seed);

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1);

    /// <summary>The share of datagrams that do not arrive.</summary>
    public double Loss { get; set; }

    public TimeSpan LeastLatency { get; set; } = TimeSpan.FromMilliseconds(10);

    public TimeSpan MostLatency { get; set; } = TimeSpan.FromMilliseconds(100);

    public long Sent { get; private set; }

    public int LongestDatagram { get; private set; }

    public IReadOnlyCollection<VirtualHost> Hosts => _hosts.Values;

    public VirtualHost Add(PeerAddress address, DhtNodeOptions? options = null, NodeId? id = null)
    {
        var node = new DhtNode(options ?? new DhtNodeOptions(), id ?? NodeIdentity.Create(address, Random), Random, address.IsV6);
        var host = new VirtualHost(node, address);
        _hosts.Add(address, host);
        return host;
    }

    /// <summary>A host that answers each datagram with whatever the function returns.</summary>
    public void AddForged(PeerAddress address, Func<PeerAddress, ReadOnlyMemory<byte>, byte[]?> answer) => _forged[address] = answer;

    public void Remove(PeerAddress address)
    {
        _hosts.Remove(address);
        _forged.Remove(address);
    }

    /// <summary>Hosts at consecutive addresses of distinct /24 networks, each told of one former one, given time to get to know each other.</summary>
    public List<VirtualHost> Grow(int count, DhtNodeOptions? options = null)
    {
        var hosts = new List<VirtualHost>(count);
        for (int i = 0; i < count; i++)
        {
            VirtualHost host = Add(GlobalAddress(i), options);
            hosts.Add(host);
            if (i > 0)
                Do(host, node => node.AddNode(hosts[Random.Next(i)].Address, Now));
            Run(TimeSpan.FromMilliseconds(200));
        }
        Run(TimeSpan.FromSeconds(60));
        return hosts;
    }

    public static PeerAddress GlobalAddress(int index)
        => PeerAddress.FromV4(0x50000000 + (uint)index * 0x10305 % 0x0F000000, 6881);

    /// <summary>Calls into a node, and sends and notes what that brings about.</summary>
    public T Do<T>(VirtualHost host, Func<DhtNode, T> action)
    {
        T result = action(host.Node);
        Flush(host);
        return result;
    }

    public void Do(VirtualHost host, Action<DhtNode> action)
    {
        action(host.Node);
        Flush(host);
    }

    /// <summary>Puts a datagram on the link, as anybody can with any sender.</summary>
    public void Send(PeerAddress from, PeerAddress to, ReadOnlyMemory<byte> bytes)
    {
        Sent++;
        LongestDatagram = Math.Max(LongestDatagram, bytes.Length);
        if (Random.NextDouble() < Loss)
            return;
        TimeSpan latency = LeastLatency + (MostLatency - LeastLatency) * Random.NextDouble();
        At(Now + latency, () => Deliver(from, to, bytes));
    }

    public void Run(TimeSpan duration) => RunUntil(() => false, duration);

    /// <summary>Runs until the condition holds; false when it does not within the duration.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan duration)
    {
        TimeSpan end = Now + duration;
        while (!condition())
        {
            if (!_queue.TryPeek(out _, out (TimeSpan At, long) next) || next.At > end)
            {
                Now = end;
                return condition();
            }
            Now = next.At;
            _queue.Dequeue()();
        }
        return true;
    }

    private void At(TimeSpan time, Action action) => _queue.Enqueue(action, (time, _order++));

    private void Deliver(PeerAddress from, PeerAddress to, ReadOnlyMemory<byte> bytes)
    {
        if (_hosts.TryGetValue(to, out VirtualHost? host))
            Do(host, node => node.Receive(from, bytes, Now));
        else if (_forged.TryGetValue(to, out Func<PeerAddress, ReadOnlyMemory<byte>, byte[]?>? answer) && answer(from, bytes) is { } reply)
            Send(to, from, reply);
    }

    private void Flush(VirtualHost host)
    {
        while (host.Node.TryTakeDatagram(out DhtDatagram datagram))
            Send(host.Address, datagram.To, datagram.Bytes);
        while (host.Node.TryTakeEvent(out DhtEvent? news))
            host.Events.Add(news);
        TimeSpan deadline = host.Node.NextDeadline;
        if (deadline >= host.WakesAt || deadline == TimeSpan.MaxValue)
            return;
        host.WakesAt = deadline;
        At(deadline > Now ? deadline : Now, () => Wake(host, deadline));
    }

    private void Wake(VirtualHost host, TimeSpan planned)
    {
        if (host.WakesAt != planned || !_hosts.ContainsKey(host.Address))
            return;
        host.WakesAt = TimeSpan.MaxValue;
        Do(host, node => node.Advance(Now));
    }
}
