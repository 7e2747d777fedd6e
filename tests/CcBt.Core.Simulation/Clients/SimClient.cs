using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Simulation.Disk;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Clients;

/// <summary>
/// A whole client: the library's owner, sessions and start gates, driven by the world over simulated edges. One run of it: after a crash
/// another one begins on the same machine.
/// </summary>
internal sealed class SimClient
{
    /// <summary>The owner is woken by its own deadlines at most so often in a second; more is a hot loop.</summary>
    private const int MostWakesPerSecond = 5_000;

    /// <summary>The options of a client that finds peers by trackers alone.</summary>
    public static readonly TorrentClientOptions Quiet = new() { EnableDht = false, EnableLocalDiscovery = false, DhtRouters = [] };

    private readonly SessionFactory _factory;
    private readonly TokenBucket _down, _up;
    private readonly List<SimSession> _sessions = [];
    private readonly long _number;
    private TimeSpan _opened;
    private TimeSpan _armedFor = TimeSpan.MaxValue;
    private long _armed;
    private TimeSpan _second;
    private int _wakes;

    public SimClient(SimMachine machine, TorrentClientOptions? options = null)
    {
        Machine = machine with { Clock = new SimClock(machine.World) };
        _opened = World.Now;
        _number = World.NextNumber();
        Log = new SimLog(World);
        Mailbox = new SimMailbox(World, Run);
        Edges = new SimEdges(Machine, Mailbox);
        Machine.Disk.WallClock = Machine.Clock;
        options = (options ?? Quiet) with { TimeProvider = Machine.Clock, LoggerFactory = Log };
        _down = new TokenBucket(Machine.Clock, options.DownloadBytesPerSecond);
        _up = new TokenBucket(Machine.Clock, options.UploadBytesPerSecond);
        var own = new OwnAddresses();
        own.Add(Address);
        Core = new ClientCore(options, Edges, Mailbox, own, new Random(World.Random.Next()), Log);
        _factory = new SessionFactory(Core, Mailbox, _down, _up, BeginStartAsync, () => _steps!);
        Machine.Host.Accept = Edges.Accept;
        Machine.Host.Receive = (from, bytes) =>
        {
            if (!Edges.Udp.Receive(from, bytes))
                Mailbox.Post(new DatagramMessage(from, bytes, static () => { }));
        };
        Mailbox.Post(new CallMessage((core, now) =>
        {
            core.Network.Open([Address.WithPort(0)]);
            core.ListenAddresses = [Address];
            if (options.EnableDht)
                core.Dht.Open(Address.IsV6, Address.Port, Machine.Disk.Dht, now);
        }));
    }

    public SimMachine Machine { get; }

    public World World => Machine.World;

    public SimEdges Edges { get; }

    public SimMailbox Mailbox { get; }

    public SimLog Log { get; }

    public ClientCore Core { get; }

    public PeerAddress Address => Machine.Host.Address;

    public IReadOnlyList<SimSession> Sessions => _sessions;

    public bool IsDead { get; private set; }

    /// <summary>The most wakes by its own deadlines that fell into one second.</summary>
    public int MostWakes { get; private set; }

    /// <summary>Asked after every batch: what must always hold.</summary>
    public Action<SimClient>? AfterBatch { get; set; }

    /// <summary>Time since the client opened, as its owner counts it.</summary>
    public TimeSpan Now => World.Now - _opened;

    private SimGateSteps? _steps;

    public SimSession Add(Content content, AddTorrentOptions? options = null)
    {
        var setup = new SessionSetup(content.Torrent.SwarmHash, content.Torrent, null, options ?? new AddTorrentOptions { SaveDirectory = "/sim" }, null);
        return Add(Machine.Disk.LoadState(setup.InfoHash) is { } data && Core.Options.StateDirectory is not null ? SavedSession.Recall(setup, data) : setup);
    }

    public SimSession AddMagnet(MagnetLink magnet, AddTorrentOptions? options = null)
        => Add(new SessionSetup(magnet.InfoHashV1!.Value, null, magnet, options ?? new AddTorrentOptions { SaveDirectory = "/sim" }, null));

    /// <summary>Brings back what was saved, as opening a client does.</summary>
    public void Restore()
    {
        foreach (byte[] bytes in Machine.Disk.States.ToArray())
        {
            if (Storage.ResumeData.TryRead(bytes, out Storage.ResumeData data) && !data.IsClosed && SavedSession.ToSetup(data) is { } setup)
                Add(setup);
        }
    }

    /// <summary>The machine loses power: nothing is said to anybody, and what the disk had not flushed may be gone.</summary>
    public void Crash()
    {
        IsDead = true;
        Mailbox.Close();
        Edges.Vanish();
        Machine.Clock.IsStopped = true;
        Machine.Host.Accept = null;
        Machine.Host.Receive = null;
        Machine.Disk.LosePower();
        Edges.Dispose();
    }

    /// <summary>The system tells that the machine has these addresses now.</summary>
    public void TellAddresses(params PeerAddress[] addresses) => Mailbox.Post(new AddressesMessage([.. addresses.Select(static a => a.WithPort(0))]));

    /// <summary>Nothing of the client runs for so long: the process is stopped, or, when it is cut off too, the machine sleeps.</summary>
    public void Freeze(TimeSpan length, bool isCutOff)
    {
        TimeSpan until = World.Now + length;
        Machine.Clock.FrozenUntil = Mailbox.FrozenUntil = Machine.Host.FrozenUntil = until;
        Machine.Host.IsDown = isCutOff;
        World.At(until, () =>
        {
            if (isCutOff)
                Machine.Network.Up(Machine.Host);
            foreach (SimLink link in Edges.Links.ToArray())
                link.Thaw();
        });
    }

    /// <summary>The client is disposed; its sessions have ended before.</summary>
    public void Shutdown()
    {
        IsDead = true;
        Mailbox.Close();
        Edges.Vanish();
        Machine.Clock.IsStopped = true;
        Machine.Host.Accept = null;
        Machine.Host.Receive = null;
        Edges.Dispose();
    }

    /// <summary>Forgets sessions that are over.</summary>
    public void Forget(SimSession session) => _sessions.Remove(session);

    private SimSession Add(SessionSetup setup)
    {
        _steps = new SimGateSteps(World);
        SessionFront front = _factory.Create(setup);
        var session = new SimSession(this, front, _steps);
        _sessions.Add(session);
        Mailbox.Post(new AddSessionMessage(front.Core));
        return session;
    }

    private Task BeginStartAsync(SessionFront front, CancellationToken cancelled)
        => new SimStart(World, _sessions.Find(s => s.Front == front)!.Steps).Run(front, Mailbox);

    private void Run(List<ClientMessage> batch)
    {
        Core.BeginBatch();
        foreach (ClientMessage message in batch)
        {
            World.Messages++;
            World.Hash.Add(World.Now.Ticks);
            World.Hash.Add(_number);
            World.Hash.Add(message.GetType().Name);
            Core.Step(message, Now);
        }
        Core.EndBatch(Now);
        for (int i = _sessions.Count - 1; i >= 0; i--)
            _sessions[i].Settle();
        AfterBatch?.Invoke(this);
        Arm();
    }

    private void Arm()
    {
        TimeSpan deadline = Core.NextDeadline;
        if (deadline >= _armedFor && _armedFor > Now || deadline == TimeSpan.MaxValue)
            return;
        _armedFor = deadline;
        long armed = ++_armed;
        // As the real pump's timer: whole milliseconds, rounded up.
        TimeSpan due = deadline > Now ? TimeSpan.FromMilliseconds(Math.Ceiling((deadline - Now).TotalMilliseconds)) : TimeSpan.Zero;
        World.After(due, () => Wake(armed));
    }

    private void Wake(long armed)
    {
        if (armed != _armed || IsDead)
            return;
        if (World.Now - _second >= TimeSpan.FromSeconds(1))
        {
            _second = World.Now;
            _wakes = 0;
        }
        MostWakes = Math.Max(MostWakes, ++_wakes);
        World.Require(_wakes <= MostWakesPerSecond, $"{Address} is woken by its own deadlines over {MostWakesPerSecond} times a second.");
        Mailbox.Post(TickMessage.Instance);
    }
}
