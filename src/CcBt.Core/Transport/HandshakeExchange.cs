using System.Net.Sockets;
using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>Sends and receives the first 68 bytes, and not one byte more: awaited, on a socket that does not block, or on a thread that waits.</summary>
internal static class HandshakeExchange
{
    public static async ValueTask SendAsync(Socket socket, Handshake ours)
    {
        var bytes = new byte[Handshake.Length];
        ours.Write(bytes);
        for (int sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None).ConfigureAwait(false);
    }

    /// <summary>The same on a thread that waits.</summary>
    public static void Send(Socket socket, in Handshake ours)
    {
        Span<byte> bytes = stackalloc byte[Handshake.Length];
        ours.Write(bytes);
        for (int sent = 0; sent < bytes.Length;)
            sent += socket.Send(bytes[sent..], SocketFlags.None);
    }

    /// <summary>The peer's handshake, on a thread that waits for it; null when it speaks otherwise or closes before the end.</summary>
    public static Handshake? Receive(Socket socket)
    {
        Span<byte> bytes = stackalloc byte[Handshake.Length];
        for (int received = 0; received < bytes.Length;)
        {
            int count = socket.Receive(bytes[received..], SocketFlags.None);
            received += count;
            if (count == 0 || !Handshake.CanBegin(bytes[..received]))
                return null;
        }
        return Handshake.TryRead(bytes, out Handshake theirs) ? theirs : null;
    }

    /// <summary>The peer's handshake; null when it speaks otherwise or closes before the end.</summary>
    public static async ValueTask<Handshake?> ReceiveAsync(Socket socket)
    {
        var bytes = new byte[Handshake.Length];
        for (int received = 0; received < bytes.Length;)
        {
            // An awaited receive puts a stack trace with line numbers into its exception, which a flood of resets would pay for by the thousand.
            int count = socket.Receive(bytes.AsSpan(received), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
                count = await socket.ReceiveAsync(bytes.AsMemory(received), SocketFlags.None).ConfigureAwait(false);
            else if (error != SocketError.Success)
                throw new SocketException((int)error);
            received += count;
            if (count == 0 || !Handshake.CanBegin(bytes.AsSpan(0, received)))
                return null;
        }
        return Handshake.TryRead(bytes, out Handshake theirs) ? theirs : null;
    }
}
