using System.Net;

namespace CcBt.Core.Transport;

/// <summary>Asks the system, or in a test a script, for a host's addresses. Called from any thread.</summary>
internal interface IHostLookup
{
    /// <summary>The IPv4 and IPv6 addresses of the host; a <see cref="System.Net.Sockets.SocketException"/> when it has none.</summary>
    Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken);
}
