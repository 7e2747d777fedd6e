using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace CcBt.Core.Floods.Peers;

/// <summary>Has the whole payload and gives it to the library, which dials it, at the rate of its line.</summary>
internal sealed class GoodSeeder : IGoodPeer
{
    private readonly FloodPayload _payload;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Channel<(int Piece, int Begin, int Length)> _requests = Channel.CreateUnbounded<(int, int, int)>();
    private readonly CancellationTokenSource _ending = new();
    private readonly Pace _pace;
    private readonly Task _run;
    private long _payloadBytes;

    public GoodSeeder(FloodPayload payload, IPAddress address, double bytesPerSecond)
    {
        _payload = payload;
        _pace = new Pace(bytesPerSecond);
        _listener.Bind(new IPEndPoint(address, 0));
        _listener.Listen();
        _run = RunAsync();
    }

    public IPEndPoint Local => (IPEndPoint)_listener.LocalEndPoint!;

    public long PayloadBytes => Volatile.Read(ref _payloadBytes);

    public int WrongBlocks => 0;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _run;
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            using Socket socket = await _listener.AcceptAsync(_ending.Token);
            socket.NoDelay = true;
            using var peer = PeerSocket.Of(socket);
            await peer.ReceiveAsync(new byte[PeerBytes.HandshakeLength], _ending.Token);
            await peer.SendAsync((byte[])[.. PeerBytes.Handshake(_payload.InfoHash, 0), .. PeerBytes.HaveAll, .. PeerBytes.Unchoke], _ending.Token);
            await Task.WhenAll(ReceiveAsync(peer), SendAsync(peer));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the flood, or of the library.
        }
    }

    private async Task ReceiveAsync(PeerSocket peer)
    {
        while (await peer.ReceiveMessageAsync(_ending.Token) is var (id, body))
        {
            if (id == PeerBytes.RequestId)
                _requests.Writer.TryWrite((Int(body, 0), Int(body, 4), Int(body, 8)));
        }
        _requests.Writer.Complete();
    }

    private async Task SendAsync(PeerSocket peer)
    {
        var message = new byte[13 + PeerBytes.BlockLength];
        await foreach ((int piece, int begin, int length) in _requests.Reader.ReadAllAsync(_ending.Token))
        {
            while (!_pace.TryTake(length))
                await Task.Delay(2, _ending.Token);
            BinaryPrimitives.WriteInt32BigEndian(message, 9 + length);
            message[4] = PeerBytes.PieceId;
            BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(5), piece);
            BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(9), begin);
            _payload.At(piece, begin, length).CopyTo(message.AsMemory(13));
            if (!await peer.SendAsync(message.AsMemory(0, 13 + length), _ending.Token))
                return;
            Interlocked.Add(ref _payloadBytes, length);
        }
    }

    private static int Int(byte[] body, int at) => BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at));
}
