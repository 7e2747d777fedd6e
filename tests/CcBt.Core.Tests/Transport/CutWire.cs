using System.Net;
using System.Net.Sockets;
using CcBt.Core.Addressing;

namespace CcBt.Core.Tests.Transport;

/// <summary>A wire between two real sockets that breaks behind a chosen byte of one direction. It carries one connection at a time.</summary>
internal sealed class CutWire : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _to;

    public CutWire(IPEndPoint to)
    {
        _to = to;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public PeerAddress Address => PeerAddress.From((IPEndPoint)_listener.LocalEndPoint!);

    /// <summary>Carries the next connection until it ends or is cut; returns the bytes that passed, from and to who dialled.</summary>
    /// <param name="fromDialer">The direction whose bytes count.</param>
    /// <param name="bytes">How many of them pass.</param>
    /// <param name="isReset">Whether it breaks with a reset; else with an orderly end.</param>
    public async Task<(int FromDialer, int ToDialer)> CarryAsync(bool fromDialer, int bytes, bool isReset)
    {
        using Socket near = await _listener.AcceptAsync();
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        await far.ConnectAsync(_to);
        Task<int> there = PumpAsync(near, far, fromDialer ? bytes : int.MaxValue);
        Task<int> back = PumpAsync(far, near, fromDialer ? int.MaxValue : bytes);
        await Task.WhenAny(there, back);
        foreach (Socket socket in (ReadOnlySpan<Socket>)[near, far])
        {
            if (isReset)
                socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
        return (await there, await back);
    }

    public void Dispose() => _listener.Dispose();

    private static async Task<int> PumpAsync(Socket from, Socket to, int most)
    {
        var buffer = new byte[4096];
        int passed = 0;
        try
        {
            while (passed < most)
            {
                int count = await from.ReceiveAsync(buffer.AsMemory(0, Math.Min(buffer.Length, most - passed)), SocketFlags.None);
                if (count == 0)
                    break;
                await to.SendAsync(buffer.AsMemory(0, count), SocketFlags.None);
                passed += count;
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction has ended, or one of the links has.
        }
        return passed;
    }
}
