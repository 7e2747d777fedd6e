using System.Net;
using System.Net.Sockets;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>Where a client of the test network listens. Every client has an address of its own, so the port can be any.</summary>
internal sealed record Endpoint(string Address, int Port)
{
    /// <summary>An endpoint on an address that nobody else has.</summary>
    public static Endpoint Next() => new(PrivateNetwork.NextAddress(), 6881);

    public IPEndPoint ToIPEndPoint() => new(IPAddress.Parse(Address), Port);

    /// <summary>Whether something accepts TCP connections here.</summary>
    public async Task<bool> AnswersAsync(CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(ToIPEndPoint(), ct);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    public override string ToString() => $"{Address}:{Port}";
}
