using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Tests.Metainfo;
using CcBt.Core.Tests.Time;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Session;

/// <summary>A real owner with its sessions and gates, driven by hand in virtual time; only the edges are fakes.</summary>
internal sealed class CoreHarness
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SessionFactory _factory;

    public CoreHarness(Func<TorrentClientOptions, TorrentClientOptions>? change = null)
    {
        var options = new TorrentClientOptions { TimeProvider = Time, LoggerFactory = Log, EnableDht = false, DhtRouters = [] };
        options = change?.Invoke(options) ?? options;
        Edges = new FakeEdges(Mailbox);
        Core = new ClientCore(options, Edges, Mailbox, Own, new Random(1), Log) { ListenAddresses = [Peer(1, 7000)] };
        _factory = new SessionFactory(Core, Mailbox, new TokenBucket(Time, 0), new TokenBucket(Time, 0), BeginStartAsync, () => new InlineSteps());
    }

    public static Torrent PlainTorrent { get; } = Torrent.Parse(TorrentBytes.Around(TorrentBytes.SingleInfo()));

    public static Torrent PrivateTorrent { get; } = Torrent.Parse(TorrentBytes.Around(TorrentBytes.SingleInfo(isPrivate: true)));

    public ManualTimeProvider Time { get; } = new();

    public LogLines Log { get; } = new();

    public QueueMailbox Mailbox { get; } = new();

    public FakeEdges Edges { get; }

    public OwnAddresses Own { get; } = new();

    public ClientCore Core { get; }

    /// <summary>A peer of the Internet, by a number.</summary>
    public static PeerAddress Peer(int number, ushort port = 6881) => PeerAddress.FromV4(0x55000000u + (uint)number, port);

    public static PeerId IdOf(int number)
    {
        var bytes = new byte[PeerId.Length];
        bytes[0] = (byte)number;
        return new PeerId(bytes);
    }

    public SessionFront Add(Torrent? torrent = null, StartMode start = StartMode.WhenCalled, Func<AddTorrentOptions, AddTorrentOptions>? change = null)
        => Add(new SessionSetup((torrent ?? PlainTorrent).SwarmHash, torrent ?? PlainTorrent, null, Options(start, change), null));

    public SessionFront AddMagnet(Torrent torrent, StartMode start = StartMode.WhenCalled, params string[] trackers)
        => Add(new SessionSetup(torrent.SwarmHash, null, new MagnetLink(torrent.SwarmHash) { Trackers = trackers }, Options(start, null), null));

    public SessionFront Add(SessionSetup setup, Action<SessionFront>? before = null)
    {
        SessionFront front = _factory.Create(setup);
        before?.Invoke(front);
        Mailbox.Post(new AddSessionMessage(front.Core));
        Run();
        return front;
    }

    /// <summary>Lets the owner work until nothing is waiting for it.</summary>
    public void Run() => InlineSteps.Run(() =>
    {
        do
        {
            Core.BeginBatch();
            while (Mailbox.TryTake(out ClientMessage message))
                Core.Step(message, Time.Elapsed);
            Core.EndBatch(Time.Elapsed);
        }
        while (!Mailbox.IsEmpty);
    });

    /// <summary>Lets time pass, deadline by deadline.</summary>
    public void Advance(double seconds) => InlineSteps.Run(() =>
    {
        TimeSpan end = Time.Elapsed + TimeSpan.FromSeconds(seconds);
        Run();
        while (Core.NextDeadline <= end)
        {
            TimeSpan step = Core.NextDeadline - Time.Elapsed;
            Time.Advance(step > TimeSpan.FromMilliseconds(1) ? step : TimeSpan.FromMilliseconds(1));
            Run();
        }
        if (Time.Elapsed < end)
            Time.Advance(end - Time.Elapsed);
        Run();
    });

    /// <summary>Runs the owner until something holds that the thread pool has a part in, such as the cancellation of a start.</summary>
    public void Until(Func<bool> holds)
        => Assert.True(SpinWait.SpinUntil(() =>
        {
            Run();
            return holds();
        }, s_patience), "It never came to hold.");

    public void On(SessionFront front, Action<SessionCore, TimeSpan> call)
    {
        Mailbox.Post(new SessionCallMessage(front.Core, call));
        Run();
    }

    public Task Start(SessionFront front)
    {
        Task start = front.Handle.StartAsync();
        Run();
        return start;
    }

    private static AddTorrentOptions Options(StartMode start, Func<AddTorrentOptions, AddTorrentOptions>? change)
    {
        var options = new AddTorrentOptions { SaveDirectory = "/downloads", Start = start };
        return change?.Invoke(options) ?? options;
    }

    private Task BeginStartAsync(SessionFront front, CancellationToken cancelled)
    {
        // Continues inline, so that a test sees the gate free as soon as the owner has run.
        var done = new TaskCompletionSource();
        if (!Mailbox.Post(new BeginStartMessage(front.Core, done, cancelled)))
            done.SetException(new ObjectDisposedException(nameof(TorrentClient)));
        return done.Task;
    }
}
