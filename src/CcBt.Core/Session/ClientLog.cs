using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>Every line that the library logs, each with an event id of its own.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {EndPoint}")]
    public static partial void Listening(ILogger logger, string endPoint);

    [LoggerMessage(2, LogLevel.Error, "The owner failed at {Place}; the client goes on")]
    public static partial void StepFailed(ILogger logger, string place, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "A handler of an event threw; the session goes on")]
    public static partial void HandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Information, "{InfoHash}: start attempt {Attempt} begun by {Source}")]
    public static partial void StartBegun(ILogger logger, InfoHash infoHash, long attempt, string source);

    [LoggerMessage(11, LogLevel.Information, "{InfoHash}: start attempt {Attempt} succeeded")]
    public static partial void StartSucceeded(ILogger logger, InfoHash infoHash, long attempt);

    [LoggerMessage(12, LogLevel.Warning, "{InfoHash}: start attempt {Attempt} failed; discoveries may begin another in {RetryIn}")]
    public static partial void StartFailed(ILogger logger, InfoHash infoHash, long attempt, TimeSpan? retryIn, Exception exception);

    [LoggerMessage(13, LogLevel.Debug, "{InfoHash}: start gate closed")]
    public static partial void StartClosed(ILogger logger, InfoHash infoHash);

    [LoggerMessage(20, LogLevel.Information, "{InfoHash}: metadata of {Name} is known")]
    public static partial void MetadataKnown(ILogger logger, InfoHash infoHash, string name);

    [LoggerMessage(21, LogLevel.Information, "{InfoHash}: complete, {Bytes} bytes verified and on disk")]
    public static partial void Completed(ILogger logger, InfoHash infoHash, long bytes);

    [LoggerMessage(22, LogLevel.Error, "{InfoHash}: session faulted")]
    public static partial void Faulted(ILogger logger, InfoHash infoHash, Exception exception);

    [LoggerMessage(23, LogLevel.Warning, "{InfoHash}: piece {Piece} failed its hash")]
    public static partial void PieceFailed(ILogger logger, InfoHash infoHash, int piece);

    [LoggerMessage(24, LogLevel.Warning, "{InfoHash}: {Address} sent bad data and is banned")]
    public static partial void PeerBanned(ILogger logger, InfoHash infoHash, string address);

    [LoggerMessage(25, LogLevel.Warning, "{InfoHash}: the disk refused piece {Piece}; it will be tried again")]
    public static partial void WriteFailed(ILogger logger, InfoHash infoHash, int piece, Exception exception);

    [LoggerMessage(26, LogLevel.Debug, "{InfoHash}: {Address} closed: {Reason}")]
    public static partial void LinkClosed(ILogger logger, InfoHash infoHash, string address, string reason);

    [LoggerMessage(32, LogLevel.Warning, "The disk did not answer within {Seconds} s of closing the session of {Place}. What was saved of it before counts")]
    public static partial void ClosingGivenUp(ILogger logger, int seconds, string place);

    [LoggerMessage(30, LogLevel.Warning, "The state of {Place} could not be saved; it will be tried again")]
    public static partial void SaveFailed(ILogger logger, string place, Exception exception);

    [LoggerMessage(31, LogLevel.Warning, "The state file {Path} is not usable and is left alone: {Reason}")]
    public static partial void StateRefused(ILogger logger, string path, string reason);

    [LoggerMessage(40, LogLevel.Debug, "DHT router {Router} could not be resolved: {Reason}")]
    public static partial void RouterFailed(ILogger logger, string router, string reason);

    [LoggerMessage(41, LogLevel.Information, "Local discovery is off: {Reason}")]
    public static partial void LocalDiscoveryFailed(ILogger logger, string reason);

    [LoggerMessage(42, LogLevel.Debug, "{InfoHash}: tracker {Host}: {Outcome}")]
    public static partial void Announced(ILogger logger, InfoHash infoHash, string host, string outcome);

    [LoggerMessage(43, LogLevel.Information, "The network has changed: {Change}")]
    public static partial void NetworkChanged(ILogger logger, string change);
}
