using System.Net;
using System.Threading.Channels;
using CcBt.Core.Addressing;
using CcBt.Core.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace CcBt.Core.Tests.Transport;

/// <summary>A UDP tracker on loopback (BEP 15): answers connects, announces with one peer, scrapes with 1, 2, 3. It can lose what it gets.</summary>
internal sealed class FakeUdpTracker : IDatagramSink, IAsyncDisposable
{
    private readonly Channel<byte[]> _requests = Channel.CreateUnbounded<byte[]>();
    private readonly UdpHub _hub;
    private int _losses;

    public FakeUdpTracker(string address = "127.0.0.1", int losses = 0, int port = 0)
    {
        _losses = losses;
        _hub = UdpHub.Open(new IPEndPoint(IPAddress.Parse(address), port), TimeProvider.System, NullLogger.Instance, this);
    }

    public int Port => _hub.Local.Port;

    /// <summary>Every request, also the lost ones, with who sent it last.</summary>
    public PeerAddress LastFrom { get; private set; }

    public async Task<byte[]> NextAsync() => await _requests.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public bool Receive(UdpHub hub, PeerAddress from, ReadOnlyMemory<byte> datagram)
    {
        byte[] request = datagram.ToArray();
        LastFrom = from;
        if (Interlocked.Decrement(ref _losses) < 0)
            hub.Send(from, Answer(request, from.IsV6));
        return _requests.Writer.TryWrite(request);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    private static byte[] Answer(byte[] request, bool isV6)
    {
        byte[] head = [0, 0, 0, request[11], .. request[12..16]];
        return request[11] switch
        {
            0 => [.. head, 1, 2, 3, 4, 5, 6, 7, 8],
            1 => [.. head, 0, 0, 7, 8, 0, 0, 0, 1, 0, 0, 0, 2, .. isV6 ? [0x20, 1, 0xD, 0xB8, .. new byte[11]] : new byte[] { 9, 9, 9 }, 9, 0, 80],
            _ => [.. head, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3],
        };
    }
}
