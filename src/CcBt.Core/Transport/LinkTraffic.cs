namespace CcBt.Core.Transport;

/// <summary>Bytes of a link since it opened.</summary>
internal readonly record struct LinkTraffic(long PayloadReceivedBytes, long PayloadSentBytes, long ReceivedBytes, long SentBytes);
