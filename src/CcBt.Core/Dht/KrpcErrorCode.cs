namespace CcBt.Core.Dht;

/// <summary>The error codes of BEP 5 that we send.</summary>
internal enum KrpcErrorCode
{
    Protocol = 203,
    MethodUnknown = 204,
}
