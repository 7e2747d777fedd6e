using CcBt.Core.Addressing;
using CcBt.Core.Wire;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Transport;

/// <summary>What links log.</summary>
internal static partial class LinkLog
{
    [LoggerMessage(EventId = 4101, Level = LogLevel.Debug, Message = "The peer {Remote} broke the protocol: {Error}. Its link {LinkId} is closed.")]
    public static partial void BrokeProtocol(ILogger log, int linkId, PeerAddress remote, WireError error);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Error, Message = "Link {LinkId} to {Remote} failed and is closed.")]
    public static partial void Failed(ILogger log, int linkId, PeerAddress remote, Exception exception);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Warning, Message = "Accepting connections on {Local} fails ({Error}); trying again.")]
    public static partial void AcceptFailed(ILogger log, PeerAddress local, System.Net.Sockets.SocketError error);
}
