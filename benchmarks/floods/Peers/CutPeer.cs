using System.Net;

namespace CcBt.Core.Floods.Peers;

/// <summary>A peer whose connection ends at once, within the handshake or within a message, in order or by a reset.</summary>
internal static class CutPeer
{
    /// <summary>How many ways there are to end.</summary>
    public const int Ways = 6;

    public static async Task RunAsync(FloodPayload payload, int port, IPAddress from, int index)
    {
        byte[] handshake = PeerBytes.Handshake(payload.InfoHash, index);
        byte[] bytes = (index % Ways / 2) switch
        {
            0 => [],
            1 => handshake[..40],
            _ => [.. handshake, 0, 0, 64, 9, PeerBytes.PieceId, 0, 0],
        };
        PeerSocket? peer = await PeerSocket.ConnectAsync(from, port, CancellationToken.None);
        if (peer is null)
            return;
        await peer.SendAsync(bytes, CancellationToken.None);
        // The handshake's answer shows that the message has a link to be in.
        if (bytes.Length > handshake.Length)
            await peer.ReceiveSomeAsync(new byte[PeerBytes.HandshakeLength], CancellationToken.None);
        if (index % 2 == 0)
            peer.Reset();
        else
            peer.Dispose();
    }
}
