using System.Threading.Channels;
using CcBt.Core.Addressing;
using CcBt.Core.Transport;

namespace CcBt.Core.Tests.Transport;

/// <summary>Keeps copies of the datagrams that it takes.</summary>
internal sealed class RecordingSink(Func<byte[], bool>? takes = null) : IDatagramSink
{
    private readonly Channel<(PeerAddress From, byte[] Bytes)> _received = Channel.CreateUnbounded<(PeerAddress, byte[])>();

    public bool Receive(UdpHub hub, PeerAddress from, ReadOnlyMemory<byte> datagram)
    {
        byte[] copy = datagram.ToArray();
        if (takes is not null && !takes(copy))
            return false;
        return _received.Writer.TryWrite((from, copy));
    }

    public async Task<(PeerAddress From, byte[] Bytes)> NextAsync()
        => await _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
}
