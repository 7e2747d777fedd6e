using System.Net.Sockets;
using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>Sends and receives the first 68 bytes, and not one byte more.</summary>
internal static class HandshakeExchange
{
    /// <summary>Sends at once: what a new connection has room for in any case.</summary>
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

    /// <summary>The peer's handshake, awaited on a socket that does not block; none when it speaks otherwise, closes before the end or breaks off.</summary>
    public static async ValueTask<HandshakeAnswer> ReceiveAsync(Socket socket, SocketWait wait)
    {
        var bytes = new byte[Handshake.Length];
        for (int received = 0; received < bytes.Length;)
        {
            int count = socket.Receive(bytes.AsSpan(received), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                error = await wait.ReceiveAsync(socket, bytes.AsMemory(received)).ConfigureAwait(false);
                count = wait.BytesTransferred;
            }
            if (error != SocketError.Success)
                return new HandshakeAnswer(null, LinkCloseReason.Reset);
            received += count;
            if (count == 0 || !Handshake.CanBegin(bytes.AsSpan(0, received)))
                return new HandshakeAnswer(null);
        }
        return new HandshakeAnswer(Handshake.TryRead(bytes, out Handshake theirs) ? theirs : null);
    }
}
