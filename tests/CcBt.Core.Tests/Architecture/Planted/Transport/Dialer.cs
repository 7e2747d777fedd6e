using System.Net.Sockets;
using CcBt.Core.Tests.Architecture.Planted.Wire;

namespace CcBt.Core.Tests.Architecture.Planted.Transport;

/// <summary>An edge that owns a socket and waits, as it may.</summary>
internal sealed class Dialer
{
    private readonly Codec _codec = new();

    public async Task<int> DialAsync(Socket socket, byte[] buffer) => _codec.Length(buffer.AsSpan(0, await socket.ReceiveAsync(buffer)));
}
