using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace CcBt.Core.Floods.Peers;

/// <summary>A connection to the library from an address of choice. One caller sends and one receives at a time.</summary>
internal sealed class PeerSocket : IDisposable
{
    private byte[] _buffer = new byte[256];
    private int _start;
    private int _end;

    private PeerSocket(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    /// <summary>Connects; null when that is refused or not answered.</summary>
    public static async Task<PeerSocket?> ConnectAsync(IPAddress from, int port, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(TestAddresses.LibraryFor(from), port), ct);
            return new PeerSocket(socket);
        }
        catch (Exception failed) when (failed is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>A connection that the library has opened.</summary>
    public static PeerSocket Of(Socket socket) => new(socket);

    /// <summary>Sends all; false when the connection has ended.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await Socket.SendAsync(bytes, ct)..];
            return true;
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            return false;
        }
    }

    /// <summary>The next bytes, at most a buffer full; none when the connection has ended.</summary>
    public async Task<int> ReceiveSomeAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            return await Socket.ReceiveAsync(buffer, ct);
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            return 0;
        }
    }

    /// <summary>Reads and drops what comes until the other side ends the connection. True when it did, false when the token ended the wait.</summary>
    public async Task<bool> WaitForEndAsync(CancellationToken ct)
    {
        var scrap = new byte[256];
        while (await ReceiveSomeAsync(scrap, ct) > 0)
        {
        }
        return !ct.IsCancellationRequested;
    }

    /// <summary>Exactly so many bytes; false when the connection ends before.</summary>
    public async Task<bool> ReceiveAsync(Memory<byte> bytes, CancellationToken ct)
    {
        while (bytes.Length > 0)
        {
            if (_start == _end && !await FillAsync(ct))
                return false;
            int used = Math.Min(bytes.Length, _end - _start);
            _buffer.AsMemory(_start, used).CopyTo(bytes);
            _start += used;
            bytes = bytes[used..];
        }
        return true;
    }

    /// <summary>The id and body of the next message that is no keep-alive; null at the end. The body is a new array.</summary>
    public async Task<(byte Id, byte[] Body)?> ReceiveMessageAsync(CancellationToken ct)
    {
        var prefix = new byte[4];
        while (true)
        {
            if (!await ReceiveAsync(prefix, ct))
                return null;
            int length = BinaryPrimitives.ReadInt32BigEndian(prefix);
            if (length == 0)
                continue;
            var message = new byte[length];
            if (!await ReceiveAsync(message, ct))
                return null;
            return (message[0], message[1..]);
        }
    }

    /// <summary>Ends the connection by a reset instead of in order.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    public void Dispose() => Socket.Dispose();

    private async Task<bool> FillAsync(CancellationToken ct)
    {
        // Most attackers never read; those that do read much.
        if (_buffer.Length < 64 << 10)
            _buffer = new byte[64 << 10];
        _start = 0;
        _end = await ReceiveSomeAsync(_buffer, ct);
        return _end > 0;
    }

    private static bool IsEnd(Exception exception) => exception is SocketException or OperationCanceledException or ObjectDisposedException;
}
