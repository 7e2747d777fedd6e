using System.Buffers.Binary;
using System.Net;

namespace CcBt.Core.Floods.Peers;

/// <summary>Downloads the payload from the library again and again at the rate of its line, and compares every block.</summary>
internal sealed class GoodLeecher : IGoodPeer
{
    private const int Window = 256;

    private readonly FloodPayload _payload;
    private readonly PeerSocket _socket;
    private readonly Pace _pace;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _wholePayload = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _request = new byte[17];
    private readonly HashSet<int> _seen = [];
    private Task _run = Task.CompletedTask;
    private long _payloadBytes;
    private int _wrongBlocks;
    private int _inFlight;
    private int _next;
    private volatile bool _isUnchoked;

    private GoodLeecher(FloodPayload payload, PeerSocket socket, double bytesPerSecond)
    {
        _payload = payload;
        _socket = socket;
        _pace = new Pace(bytesPerSecond);
    }

    public long PayloadBytes => Volatile.Read(ref _payloadBytes);

    public int WrongBlocks => Volatile.Read(ref _wrongBlocks);

    /// <summary>Ends when every block has come once; fails when the connection ends before.</summary>
    public Task WholePayload => _wholePayload.Task;

    public static async Task<GoodLeecher> StartAsync(FloodPayload payload, IPAddress from, int port, double bytesPerSecond)
    {
        PeerSocket socket = await PeerSocket.ConnectAsync(from, port, CancellationToken.None) ?? throw new InvalidOperationException("The good peer was not let in.");
        var leecher = new GoodLeecher(payload, socket, bytesPerSecond);
        leecher._run = Task.WhenAll(leecher.ReceiveAsync(), leecher.RequestAsync());
        return leecher;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _socket.Dispose();
        await _run;
        _ending.Dispose();
    }

    private async Task RequestAsync()
    {
        if (!await _socket.SendAsync((byte[])[.. PeerBytes.Handshake(_payload.InfoHash, 0), .. PeerBytes.HaveNone, .. PeerBytes.Interested], _ending.Token))
            return;
        while (!_ending.IsCancellationRequested)
        {
            while (_isUnchoked && Volatile.Read(ref _inFlight) < Window && _pace.TryTake(PeerBytes.BlockLength))
            {
                (int piece, int begin) = FloodPayload.BlockAt(_next);
                _next = (_next + 1) % _payload.Blocks;
                PeerBytes.WriteRequest(_request, piece, begin, PeerBytes.BlockLength);
                Interlocked.Increment(ref _inFlight);
                if (!await _socket.SendAsync(_request, _ending.Token))
                    return;
            }
            await Task.Delay(2, CancellationToken.None);
        }
    }

    private async Task ReceiveAsync()
    {
        await _socket.ReceiveAsync(new byte[PeerBytes.HandshakeLength], _ending.Token);
        while (await _socket.ReceiveMessageAsync(_ending.Token) is var (id, body))
        {
            switch (id)
            {
                case PeerBytes.UnchokeId:
                    _isUnchoked = true;
                    break;
                case PeerBytes.ChokeId:
                    _isUnchoked = false;
                    break;
                case PeerBytes.RejectId:
                    Interlocked.Decrement(ref _inFlight);
                    break;
                case PeerBytes.PieceId:
                    Take(body);
                    break;
            }
        }
        _wholePayload.TrySetException(new InvalidOperationException("The library ended the good peer's connection."));
    }

    private void Take(byte[] body)
    {
        Interlocked.Decrement(ref _inFlight);
        int piece = BinaryPrimitives.ReadInt32BigEndian(body), begin = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(4));
        ReadOnlySpan<byte> block = body.AsSpan(8);
        if (!block.SequenceEqual(_payload.At(piece, begin, block.Length).Span))
            Interlocked.Increment(ref _wrongBlocks);
        Interlocked.Add(ref _payloadBytes, block.Length);
        if (_wholePayload.Task.IsCompleted)
            return;
        _seen.Add((int)(((long)piece * FloodPayload.PieceLength + begin) / PeerBytes.BlockLength));
        if (_seen.Count == _payload.Blocks)
            _wholePayload.SetResult();
    }
}
