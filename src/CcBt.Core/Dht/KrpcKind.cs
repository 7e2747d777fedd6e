namespace CcBt.Core.Dht;

/// <summary>The three kinds of KRPC messages, by their key <c>y</c>.</summary>
internal enum KrpcKind
{
    None = 0,
    Query,
    Response,
    Error,
}
