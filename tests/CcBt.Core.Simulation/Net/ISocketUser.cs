namespace CcBt.Core.Simulation.Net;

/// <summary>Whoever holds one end of a simulated stream.</summary>
internal interface ISocketUser
{
    /// <summary>The connection that it dialled is open.</summary>
    void Connected(SimSocket socket);

    /// <summary>Nobody listens there.</summary>
    void Refused();

    void Received(ReadOnlyMemory<byte> bytes);

    /// <summary>What was sent has left, or the peer has read: there may be room again.</summary>
    void Drained();

    /// <summary>The other end closed or reset the stream.</summary>
    void Ended(bool isReset);
}
