using System.Net;
using System.Threading.Channels;
using CcBt.Core.Addressing;
using CcBt.Core.Tests.Time;
using CcBt.Core.Transport;
using CcBt.Core.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace CcBt.Core.Tests.Transport;

/// <summary>An owner of links in a test: a listener, a dialer and the notes of what came, in order.</summary>
internal sealed class LinkOwner : IPeerLinkEvents, IDisposable
{
    public static readonly InfoHash Hash = InfoHash.Parse("0123456789abcdef0123456789abcdef01234567");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<LinkNote> _notes = Channel.CreateUnbounded<LinkNote>();

    public LinkOwner(int seed, TimeProvider? time = null, IPAddress? address = null)
    {
        Host = new LinkHost(time ?? new ManualTimeProvider(), NullLogger.Instance);
        Listener = PeerListener.Open(new IPEndPoint(address ?? IPAddress.Loopback, 0), Host, this);
        Dialer = new TcpDialer(Host, IPAddress.Loopback, IPAddress.IPv6Loopback);
        Ours = new Handshake(Hash, PeerId.Create(new Random(seed)), HandshakeFeatures.Fast | HandshakeFeatures.Extended);
    }

    public LinkHost Host { get; }

    public PeerListener Listener { get; }

    public TcpDialer Dialer { get; }

    public Handshake Ours { get; set; }

    public LinkPlan Plan { get; set; } = new(LinkBudget.Unlimited, UseFast: true);

    public PeerAddress Address => PeerAddress.From(Listener.Local);

    public IPeerLink Dial(PeerAddress to) => Dialer.Dial(Host.NextLinkId(), to, Ours, this);

    /// <summary>The kernel carries the bytes: what a test waits for comes by itself, without a clock.</summary>
    public static async Task WaitAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Connects this owner to another; both accept.</summary>
    public async Task<(IPeerLink Mine, IPeerLink Theirs)> ConnectAsync(LinkOwner other)
    {
        IPeerLink mine = Dial(other.Address);
        LinkNote arrived = await other.NextAsync("arrived");
        arrived.Link.Accept(other.Ours, other.Plan);
        LinkNote opened = await NextAsync("opened");
        Assert.Same(mine, opened.Link);
        mine.Accept(Ours, Plan);
        return (mine, arrived.Link);
    }

    public async Task<LinkNote> NextAsync() => await _notes.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The next note, which must be of this kind.</summary>
    public async Task<LinkNote> NextAsync(string kind)
    {
        LinkNote note = await _notes.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.True(note.Kind == kind, $"Expected {kind}, but {note.Kind} came ({note.Reason}).");
        return note;
    }

    /// <summary>Reads reports until one holds a message of this kind.</summary>
    public async Task<PeerMessage> NextMessageAsync(PeerMessageKind kind)
    {
        while (true)
        {
            LinkNote note = await NextAsync("reported");
            foreach (PeerMessage message in note.Report!.Messages)
            {
                if (message.Kind == kind)
                    return message;
            }
        }
    }

    /// <summary>Reads notes until the link is over, and returns why.</summary>
    public async Task<LinkCloseReason> EndAsync()
    {
        while (true)
        {
            LinkNote note = await _notes.Reader.ReadAsync().AsTask().WaitAsync(Patience);
            note.Report?.Return();
            if (note.Kind == "closed")
                return note.Reason;
        }
    }

    public bool HasNotes => _notes.Reader.Count > 0;

    public bool TryNext(out LinkNote? note) => _notes.Reader.TryRead(out note);

    public void Opened(IPeerLink link, in Handshake theirs) => Note(new LinkNote("opened", link, theirs));

    public void Arrived(IPeerLink link, in Handshake theirs) => Note(new LinkNote("arrived", link, theirs));

    public void Reported(IPeerLink link, PeerReport report) => Note(new LinkNote("reported", link, Report: report));

    public void Closed(IPeerLink link, LinkCloseReason reason) => Note(new LinkNote("closed", link, Reason: reason));

    public void Dispose()
    {
        Listener.Dispose();
        Host.Dispose();
    }

    private void Note(LinkNote note) => Assert.True(_notes.Writer.TryWrite(note));
}
