using System.Net;
using System.Threading.Channels;
using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>A search of the DHT that a user reads as a stream.</summary>
internal sealed class ClientLookup : IDhtLookupOwner
{
    private readonly Channel<IReadOnlyList<IPEndPoint>> _found = Channel.CreateUnbounded<IReadOnlyList<IPEndPoint>>();
    private int _running;

    public IAsyncEnumerable<IReadOnlyList<IPEndPoint>> ReadAllAsync(CancellationToken cancellationToken) => _found.Reader.ReadAllAsync(cancellationToken);

    public ClientLookup Begin(int families)
    {
        _running = families;
        if (families == 0)
            _found.Writer.TryComplete();
        return this;
    }

    public void PeersFound(IReadOnlyList<PeerAddress> peers, TimeSpan now) => _found.Writer.TryWrite([.. peers.Select(p => p.ToEndPoint())]);

    public void LookupEnded(int peers, TimeSpan now)
    {
        if (--_running == 0)
            _found.Writer.TryComplete();
    }
}
